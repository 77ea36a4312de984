package dev.muster.worker;

import dev.muster.scan.ScheduleDeclaration;
import dev.muster.task.Coordination;
import dev.muster.task.Timetable;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Serves the schedules of the application in the one worker that the master has chosen for it. Others may do the same
/// at the same time, on other nodes or for a moment on this one: the store decides.
///
/// **Threads:** [#keep] and [#stop] from any thread; one of its own, from the first order on. **Lifetime:** that of the
/// process. **Failure:** while the store is down it tries on; each outage is logged once, and what was missed meanwhile
/// is dealt with as the schedules say.
final class Timekeeper {
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    /// A clock on the wall may be put right while this one waits for it.
    private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(15);

    private final Supplier<Coordination> store;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition change = lock.newCondition();
    // Guarded by `lock`.
    private @Nullable Timetable table;
    private boolean running;
    private boolean stopped;
    // Of its own thread.
    private long pauseNanos;

    /// @param store throws while it is down
    Timekeeper(Supplier<Coordination> store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// The master's order: these schedules and no others, none if it is empty.
    ///
    /// @param schedules see `Message.KeepTime`
    void keep(List<Map<String, String>> schedules) {
        Timetable ordered = schedules.isEmpty() ? null : table(schedules);
        lock.lock();
        try {
            table = ordered;
            change.signalAll();
            if (ordered == null || running || stopped) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        Thread thread = new Thread(null, this::serve, "muster-schedules", 512 * 1024, false);
        thread.setDaemon(true);
        thread.start();
    }

    /// The process is to end: serves nothing any more. Does not block.
    void stop() {
        lock.lock();
        try {
            stopped = true;
            table = null;
            change.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Timetable table(List<Map<String, String>> maps) {
        List<ScheduleDeclaration> schedules = new ArrayList<>();
        Map<String, Instant> since = new HashMap<>();
        for (Map<String, String> map : maps) {
            ScheduleDeclaration schedule = ScheduleDeclaration.of(map);
            schedules.add(schedule);
            since.put(schedule.name(), Instant.ofEpochMilli(Long.parseLong(map.getOrDefault("since", "0"))));
        }
        return new Timetable(schedules, since, clock);
    }

    private void serve() {
        try {
            for (Timetable now = present(); now != null; now = present()) {
                try {
                    Instant next = now.serve(store.get());
                    recovered();
                    await(now, untilNanos(next));
                } catch (RuntimeException | LinkageError e) {
                    await(now, failed(e));
                }
            }
        } catch (InterruptedException e) {
            // Nobody has a reason to; with the thread ends what it does.
            Thread.currentThread().interrupt();
        }
    }

    /// What is to be served now; null if nothing is, and the thread is to end.
    private @Nullable Timetable present() {
        lock.lock();
        try {
            running = table != null;
            return table;
        } finally {
            lock.unlock();
        }
    }

    private long untilNanos(Instant next) {
        Instant now = clock.instant();
        Duration longest = Duration.ofNanos(LONGEST_WAIT_NANOS);
        return next.isAfter(now.plus(longest))
                ? LONGEST_WAIT_NANOS
                : Duration.between(now, next).toNanos();
    }

    private void await(Timetable of, long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && table == of) {
                left = change.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private long failed(Throwable failure) {
        if (pauseNanos == 0) {
            pauseNanos = FIRST_PAUSE_NANOS;
            System.getLogger("dev.muster.worker")
                    .log(
                            Level.ERROR,
                            "the schedules cannot be served; tries again every 50 ms to 2 s: " + failure.getMessage(),
                            failure);
        } else {
            pauseNanos = Math.min(pauseNanos * 2, LONGEST_PAUSE_NANOS);
        }
        return pauseNanos;
    }

    private void recovered() {
        if (pauseNanos != 0) {
            pauseNanos = 0;
            System.getLogger("dev.muster.worker").log(Level.INFO, "the schedules are served again");
        }
    }
}
