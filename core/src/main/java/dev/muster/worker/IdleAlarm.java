package dev.muster.worker;

import dev.muster.task.Broker;
import dev.muster.task.BrokerException;
import dev.muster.task.Standing;
import java.lang.System.Logger.Level;
import java.util.ServiceConfigurationError;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Notices that this worker is idle although it should not be, and mends it. It should not be when it has taken nothing
/// for a time in which each look at its queues showed ready tasks, or in which the store has answered none of its
/// claims. First the store is opened anew, because the usual reason is a connection that died without a word. If that
/// does not help, the master is told: it puts another process in the place of this one, and if that does no better, it
/// says so to people.
///
/// No reason for alarm are a task that another worker was quicker to take, for then the looks do not go on to show one;
/// a queue that is paused; a store that cannot be opened, for that is an outage, which is told elsewhere; and a machine
/// that stood still, for then nobody could take anything.
///
/// **Threads:** one of its own, which may wait for the store. **Lifetime:** that of the process.
final class IdleAlarm {
    private static final System.Logger LOG = System.getLogger("dev.muster.worker");
    private static final long SHORTEST_PERIOD = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LONGEST_PERIOD = TimeUnit.SECONDS.toNanos(5);
    private static final int LOOKS = 4;

    /// An idle worker claims at least every 5 s; an answer may take some time.
    static final long CLAIMS_EVERY = TimeUnit.SECONDS.toNanos(6);

    /// A pause that took so much longer than it should was one of the whole machine or process.
    private static final long STANDSTILL = TimeUnit.SECONDS.toNanos(1);

    /// What this worker takes its tasks from.
    interface Source {
        /// How many tasks are ready for it, up to [Broker#MANY], as the present connection tells it.
        ///
        /// @throws BrokerException if the store does not say
        long ready();

        /// Opens the store anew and leaves what was open.
        ///
        /// @throws BrokerException if it cannot be opened; then nothing is changed
        void reopen();
    }

    /// What was done about it so far.
    private enum Step {
        NOTHING,
        REOPENED,
        REPORTED
    }

    private final Supplier<Standing> worker;
    private final Source source;
    private final Consumer<String> master;
    private final long limit;

    private volatile boolean over;
    private volatile @Nullable Thread thread;

    private Step step = Step.NOTHING;
    private long taken;
    private long countedAt;
    /// When all was well last.
    private long wellAt;

    /// @param worker how it stands
    /// @param master is told why this worker takes nothing, and with an empty text when it does again
    /// @param limitNanos how long it may take nothing; 0 for ever
    IdleAlarm(Supplier<Standing> worker, Source source, Consumer<String> master, long limitNanos) {
        this.worker = worker;
        this.source = source;
        this.master = master;
        this.limit = limitNanos;
    }

    /// Looks again and again, if there is a limit.
    void start() {
        if (limit > 0) {
            Thread looking = new Thread(null, this::run, "muster-idle-alarm", 256 * 1024, false);
            looking.setDaemon(true);
            thread = looking;
            looking.start();
        }
    }

    /// Ends its looking, after the look of the moment.
    void stop() {
        over = true;
        LockSupport.unpark(thread);
    }

    private void run() {
        long period = Math.clamp(limit / LOOKS, SHORTEST_PERIOD, LONGEST_PERIOD);
        begin(System.nanoTime());
        while (!over) {
            long before = System.nanoTime();
            LockSupport.parkNanos(period);
            long now = System.nanoTime();
            if (now - before > period + STANDSTILL) {
                begin(now);
            }
            if (!over) {
                look(now);
            }
        }
    }

    /// Nothing that was before this instant counts.
    ///
    /// @param now as `System.nanoTime()`
    void begin(long now) {
        wellAt = now;
        countedAt = now;
    }

    /// Looks how this worker stands, and does what is to be done.
    ///
    /// @param now as `System.nanoTime()`
    void look(long now) {
        Standing standing = worker.get();
        if (!standing.idle() || standing.taken() != taken) {
            taken = standing.taken();
            well(now);
            return;
        }
        long silent = now - Math.max(standing.answeredAt(), wellAt);
        if (silent >= limit + CLAIMS_EVERY) {
            act(now, "the store has answered no claim of it for " + millis(now - standing.answeredAt()));
        } else if (silent < CLAIMS_EVERY && now - countedAt >= limit / LOOKS) {
            // Not while a claim waits for its answer: another question would only wait beside it.
            countedAt = now;
            count(now);
        }
    }

    private void count(long now) {
        long ready;
        try {
            ready = source.ready();
        } catch (BrokerException _) {
            // The claims fail as well, which is told there.
            return;
        }
        if (ready == 0) {
            well(now);
        } else if (now - wellAt >= limit) {
            String many = ready < Broker.MANY ? ready + " ready tasks" : Broker.MANY + " or more ready tasks";
            act(now, "it has taken none of " + many + " for " + millis(now - wellAt));
        }
    }

    private void well(long now) {
        wellAt = now;
        if (step == Step.REPORTED) {
            master.accept("");
        } else if (step == Step.REOPENED) {
            LOG.log(Level.INFO, "this worker is well again: it takes tasks, or none is ready any more");
        }
        step = Step.NOTHING;
    }

    private void act(long now, String what) {
        try {
            source.reopen();
        } catch (BrokerException | ServiceConfigurationError | LinkageError e) {
            LOG.log(Level.DEBUG, "this worker is idle because there is no store: " + what, e);
            begin(now);
            return;
        }
        switch (step) {
            case NOTHING -> {
                LOG.log(
                        Level.WARNING,
                        "this worker is idle and should not be: " + what + "; it has opened the store anew"
                                + " (tasks.idleAlarm)");
                step = Step.REOPENED;
            }
            case REOPENED -> {
                master.accept(what + ", although it has opened the store anew");
                step = Step.REPORTED;
            }
            case REPORTED -> {}
        }
        begin(now);
    }

    private static String millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos) + " ms";
    }
}
