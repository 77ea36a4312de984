package dev.muster.control;

import dev.muster.WorkerFailure;
import dev.muster.control.Message.Occasion;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What happens to the application as a whole, on its way to the listeners of one worker. It is told again to another
/// one if the first ends before it has said that they know, and kept while there is none.
///
/// **Threads:** those of its owner, one at a time.
///
/// @param <P> a process
public final class Announcements<P> {
    /// What waits for a worker at a time; of more failures nobody is told.
    private static final int MOST = 1_000;

    /// A listener that hangs is killed with its process: that must not go through all of them.
    private static final int MOST_TELLINGS = 3;

    /// The processes that have listeners.
    ///
    /// @param <P> a process
    public interface Listening<P> {
        /// Who is to be told, empty if there is nobody now.
        ///
        /// @param newest whether it must run the newest code, if any does
        Optional<P> choose(boolean newest);

        /// Whether it has not ended.
        boolean lives(P process);

        /// Says it to a process. Does not wait.
        void tell(P process, Message.Announcement message);
    }

    private static final class Open<P> {
        final Message.Announcement message;
        final boolean newest;

        @Nullable
        P process;

        int tellings;

        Open(Message.Announcement message, boolean newest) {
            this.message = message;
            this.newest = newest;
        }
    }

    private final Listening<P> processes;
    private final Consumer<String> warn;
    private final LinkedHashMap<Long, Open<P>> open = new LinkedHashMap<>();
    private boolean started;
    private long last;

    /// @param warn takes a line for people
    public Announcements(Listening<P> processes, Consumer<String> warn) {
        this.processes = processes;
        this.warn = warn;
    }

    /// Something has happened, and is told with the next [#look()].
    public void happened(Occasion occasion) {
        started |= occasion == Occasion.SHUTDOWN;
        Open<P> _ = open.put(++last, new Open<>(new Message.Announce(last, occasion), occasion == Occasion.RELOAD));
    }

    /// A process has ended that was not to.
    public void failed(WorkerFailure failure) {
        if (open.size() >= MOST) {
            warn.accept("no listener is told of the end of " + failure.name() + ": " + MOST
                    + " events wait already for a worker that can be told");
            return;
        }
        Open<P> _ = open.put(++last, new Open<>(new Message.AnnounceFailure(last, failure), false));
    }

    /// Looks at the processes, and tells what is to be told. The first one that can be told makes the start.
    public void look() {
        if (!started && processes.choose(false).isPresent()) {
            started = true;
            long number = ++last;
            Open<P> start = new Open<>(new Message.Announce(number, Occasion.START), false);
            // Before whatever went wrong meanwhile.
            Open<P> _ = open.putFirst(number, start);
        }
        for (Open<P> event : List.copyOf(open.values())) {
            if (!tell(event)) {
                told(event.message.number());
            }
        }
    }

    /// Tells it, if it is not told already and there is somebody.
    ///
    /// @return false if it is given up
    private boolean tell(Open<P> event) {
        P before = event.process;
        if (before != null) {
            if (processes.lives(before)) {
                return true;
            }
            event.process = null;
            if (event.tellings >= MOST_TELLINGS) {
                warn.accept(event.tellings + " workers have ended before their listeners had heard " + event.message
                        + "; it is not told again");
                return false;
            }
        }
        processes.choose(event.newest).ifPresent(process -> {
            event.process = process;
            event.tellings++;
            processes.tell(process, event.message);
        });
        return true;
    }

    /// The listeners know, or will not.
    public void told(long number) {
        Open<P> _ = open.remove(number);
    }
}
