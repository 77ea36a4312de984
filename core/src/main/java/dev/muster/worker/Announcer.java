package dev.muster.worker;

import dev.muster.ServerListener;
import dev.muster.control.Message;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells the listeners what happens to the application as a whole, where the master has chosen this process for it, and
/// tells the master that they know.
///
/// **Threads:** [#announce] from any, without waiting; the listeners are told on a thread "muster-announcer", which is
/// started when it is first needed. **Lifetime:** until [#finish()]. **Failure:** what comes later is not told here:
/// when this process has ended without an answer, the master tells another one.
final class Announcer {
    private static final String APPLICATION = "the application";

    private final EventLane lane;
    /// An empty one is the last.
    private final BlockingQueue<Optional<Order>> orders = new LinkedBlockingQueue<>();
    // Both guarded by `orders`.
    private @Nullable Thread thread;
    private boolean finished;

    private record Order(Message.Announcement what, Consumer<Message.FromChild> master) {}

    Announcer(EventLane lane) {
        this.lane = lane;
    }

    /// @param master takes the answer
    void announce(Message.Announcement what, Consumer<Message.FromChild> master) {
        synchronized (orders) {
            if (finished) {
                return;
            }
            orders.add(Optional.of(new Order(what, master)));
            if (thread == null) {
                thread = lane.start("muster-announcer", this::work);
            }
        }
    }

    private void work() {
        while (true) {
            try {
                Optional<Order> next = orders.take();
                if (next.isEmpty()) {
                    return;
                }
                Message.Announcement what = next.get().what();
                tell("announced-" + what.number(), what);
                next.get().master().accept(new Message.Announced(what.number()));
            } catch (InterruptedException _) {
                // Nobody has a reason to; the next is told.
            }
        }
    }

    private void tell(String id, Message.Announcement what) {
        switch (what) {
            case Message.Announce announced -> {
                switch (announced.occasion()) {
                    case START -> lane.tell(id, "onStart", APPLICATION, ServerListener::onStart);
                    case RELOAD -> lane.tell(id, "onReload", APPLICATION, ServerListener::onReload);
                    case SHUTDOWN -> lane.tell(id, "onShutdown", APPLICATION, ServerListener::onShutdown);
                }
            }
            case Message.AnnounceFailure announced ->
                lane.tell(
                        id,
                        "onWorkerError",
                        announced.failure().name(),
                        (listener, server) -> listener.onWorkerError(server, announced.failure()));
        }
    }

    /// Tells what was announced so far, and then nothing more. Blocks until that is done; the master's limits bound
    /// it.
    void finish() {
        Thread working;
        synchronized (orders) {
            finished = true;
            orders.add(Optional.empty());
            working = thread;
        }
        EventLane.join(working);
    }
}
