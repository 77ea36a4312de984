package dev.muster.supervise;

import dev.muster.Health;
import dev.muster.Health.Status;
import dev.muster.os.NativeException;
import dev.muster.os.SdNotify;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Tells the service manager (systemd, or whoever sets `NOTIFY_SOCKET`) how the application is doing: changes only, and
/// the sign of life that its watchdog asks for.
///
/// | message | when |
/// |---|---|
/// | `READY=1` | every slot has been ready, or will not be soon; and again after a reload |
/// | `RELOADING=1` | a reload begins |
/// | `STOPPING=1` | a stop begins; before any order to a process |
/// | `STATUS=` | the health has changed |
/// | `WATCHDOG=1` | twice in the time that `WATCHDOG_USEC` names, from the loop itself: a loop that hangs is silent |
/// | `EXTEND_TIMEOUT_USEC=` | while a start or a stop is within its own limits |
///
/// There is no barrier at the end: the last message that matters precedes the end of the process by the whole stop, and
/// it comes from the main process, which the manager knows without looking.
///
/// **Threads:** belongs to the master's loop. **Lifetime:** that of the master. **Failure:** a message that was not
/// delivered is sent again in a later turn.
final class SystemdLink implements AutoCloseable {
    /// What the manager sets for this process alone.
    static final List<String> VARIABLES = List.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID");

    private static final long EXTENSION = Duration.ofSeconds(10).toNanos();
    private static final long EXTEND_EACH = Duration.ofSeconds(2).toNanos();
    private static final long STATUS_EACH = Duration.ofSeconds(1).toNanos();

    private enum Told {
        NOTHING,
        READY,
        RELOADING,
        STOPPING
    }

    private final SdNotify socket;
    private final long pid;
    private final long watchdogEach;
    private final long begun;
    private Told told = Told.NOTHING;
    private String status = "";
    private long statusAt;
    private long watchdogAt;
    private long extendedAt;

    /// @param watchdogEach nanoseconds between two signs of life, 0 for none
    private SystemdLink(SdNotify socket, long pid, long watchdogEach, long now) {
        this.socket = socket;
        this.pid = pid;
        this.watchdogEach = watchdogEach;
        begun = now;
        statusAt = now - STATUS_EACH;
        watchdogAt = now;
        extendedAt = now - EXTEND_EACH;
    }

    /// The link that the environment asks for, null if it asks for none or cannot be had.
    ///
    /// @param pid the process id of this process
    static @Nullable SystemdLink of(Map<String, String> environment, long pid, Consumer<String> warnings) {
        String address = environment.getOrDefault("NOTIFY_SOCKET", "");
        if (address.isEmpty()) {
            return null;
        }
        try {
            long each = watchdogNanos(environment, pid) / 2;
            return new SystemdLink(SdNotify.to(address), pid, each, System.nanoTime());
        } catch (IllegalArgumentException | NativeException | UnsupportedOperationException e) {
            warnings.accept("the service manager is told nothing: " + e.getMessage());
            return null;
        }
    }

    /// The watchdog is for the process that the manager has started, which may be another one.
    private static long watchdogNanos(Map<String, String> environment, long pid) {
        String micros = environment.getOrDefault("WATCHDOG_USEC", "");
        String whose = environment.getOrDefault("WATCHDOG_PID", "");
        if (micros.isEmpty() || !whose.isEmpty() && !whose.equals(Long.toString(pid))) {
            return 0;
        }
        try {
            return Math.max(0, Math.multiplyExact(Long.parseLong(micros), 1_000L));
        } catch (NumberFormatException | ArithmeticException e) {
            throw new IllegalArgumentException("WATCHDOG_USEC=" + micros + " is not a number of microseconds", e);
        }
    }

    /// Says what has changed. To be called at the end of every turn of the loop.
    ///
    /// @param settled whether every slot has been ready, or has shown that it will not be soon
    void turn(long now, SupervisorState state, Health health, boolean settled) {
        phase(now, health, settled);
        String text = text(health);
        if (!text.equals(status) && now - statusAt >= STATUS_EACH) {
            send(now, "STATUS=" + text, text);
        }
        if (watchdogEach > 0 && now - watchdogAt >= 0 && socket.send("WATCHDOG=1")) {
            watchdogAt = now + watchdogEach;
        }
        if (withinLimits(now, state) && now - extendedAt >= EXTEND_EACH) {
            if (socket.send("EXTEND_TIMEOUT_USEC=" + EXTENSION / 1_000)) {
                extendedAt = now;
            }
        }
    }

    private void phase(long now, Health health, boolean settled) {
        String line = "\nSTATUS=" + text(health);
        if (health.status() == Status.STOPPING) {
            if (told != Told.STOPPING && send(now, "STOPPING=1" + line, text(health))) {
                told = Told.STOPPING;
            }
        } else if (health.status() == Status.RELOADING) {
            if (told == Told.READY && send(now, "RELOADING=1\nMONOTONIC_USEC=" + now / 1_000 + line, text(health))) {
                told = Told.RELOADING;
            }
        } else if (settled && told != Told.READY && send(now, "READY=1\nMAINPID=" + pid + line, text(health))) {
            told = Told.READY;
        }
    }

    /// A start takes two boots at most, a stop the time that is set for it and what the kernel takes to kill.
    private boolean withinLimits(long now, SupervisorState state) {
        Limits limits = state.limits();
        return switch (told) {
            case NOTHING -> now - begun < 2 * limits.boot();
            case READY, RELOADING -> false;
            case STOPPING -> now - state.stopBy() < 2 * limits.kill();
        };
    }

    private boolean send(long now, String message, String text) {
        boolean sent = socket.send(message);
        if (sent) {
            status = text;
            statusAt = now;
        }
        return sent;
    }

    private static String text(Health health) {
        String reason = health.reason().isEmpty() ? "" : "; " + health.reason().replace('\n', ' ');
        return health.status() + ", generation " + health.generation() + reason;
    }

    @Override
    public void close() {
        socket.close();
    }
}
