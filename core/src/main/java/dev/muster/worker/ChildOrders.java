package dev.muster.worker;

import dev.muster.control.Message;
import dev.muster.control.Message.DeadWorker;
import dev.muster.os.Exit;
import java.io.IOException;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// Carries out the master's orders.
///
/// **Threads:** called on the thread that reads the control connection; what takes time gets a thread of its own.
/// **Failure:** with the master gone the process ends at once, without a drain.
final class ChildOrders implements MasterLink.Orders {
    /// The exit code of a process whose master is gone.
    static final int MASTER_LOST = 70;

    private final MasterLink link;
    private final StopRequest stop;
    private final Departure departure;
    private final Duty duty;
    private volatile @Nullable PoolWorkerLoop worker;
    private volatile @Nullable EventLane listeners;

    ChildOrders(MasterLink link, StopRequest stop, Departure departure, Duty duty) {
        this.link = link;
        this.stop = stop;
        this.departure = departure;
        this.duty = duty;
    }

    /// Who gives back work and runs `exiting`; before this, and in user processes, nobody does.
    void worker(PoolWorkerLoop loop) {
        worker = loop;
    }

    /// Who tells the listeners; before this nobody does.
    void listeners(EventLane lane) {
        listeners = lane;
    }

    @Override
    public void announce(Message.Announcement order) {
        EventLane lane = listeners;
        if (lane != null) {
            lane.announcer().announce(order, link::tell);
        }
    }

    @Override
    public void stop() {
        stop.order();
    }

    @Override
    public void activate(Message.Activate order) {
        duty.activate(order.slot(), order.name());
    }

    @Override
    public void pause() {
        duty.pause();
    }

    @Override
    public void dump(Message.Dump order) {
        start("muster-dump", () -> {
            String failure = "";
            try {
                ThreadDump.write(order.path());
            } catch (Exception | LinkageError e) {
                failure = "cannot write a thread dump to " + order.path() + ": " + FailedBoot.describe(e);
            }
            link.tell(new Message.Dumped(order.request(), failure.isEmpty(), failure));
        });
    }

    @Override
    public void reclaim(DeadWorker dead) {
        PoolWorkerLoop loop = worker;
        if (loop == null) {
            refuse("give back the work of " + dead.incarnation());
        } else {
            loop.reclaim(dead);
        }
    }

    @Override
    public void runExiting(Message.RunExiting order) {
        PoolWorkerLoop loop = worker;
        if (loop == null) {
            refuse("run exiting for " + order.incarnation());
            return;
        }
        start("muster-run-exiting", () -> {
            try {
                loop.runExiting(order);
            } catch (IOException _) {
                // The master is gone; the reading thread ends the process.
            }
        });
    }

    @Override
    public void keepTime(Message.KeepTime order) {
        PoolWorkerLoop loop = worker;
        if (loop == null) {
            refuse("serve the schedules");
        } else {
            loop.keepTime(order.schedules());
        }
    }

    @Override
    public void lost(IOException why) {
        if (!departure.begun()) {
            Exit.now(MASTER_LOST);
        }
    }

    private static void refuse(String what) {
        System.getLogger("dev.muster.worker")
                .log(Level.WARNING, "the master asked this process to " + what + ", which it cannot: it runs no tasks");
    }

    private static void start(String name, Runnable action) {
        Thread thread = new Thread(action, name);
        thread.setDaemon(true);
        thread.start();
    }
}
