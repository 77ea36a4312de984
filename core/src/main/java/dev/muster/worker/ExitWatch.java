package dev.muster.worker;

import dev.muster.ExitReason;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Says who called `System.exit` when it was not us, with the stack of the caller. The exit code stays that of the
/// call. `Runtime.halt` cannot be seen from inside.
///
/// **Threads:** a shutdown hook. **Lifetime:** from boot to the end of the process. **Failure:** a report that hangs is
/// left behind; the exit goes on. An exit that hangs itself, in a hook of user code, is cut off: the process would beat
/// on for ever without doing anything.
final class ExitWatch {
    private static final long REPORT_MILLIS = 2_000;
    private static final long EXIT_MILLIS = 30_000;

    private final Departure departure;
    private final long exitMillis;
    private final List<Thread> virtualThreads = new CopyOnWriteArrayList<>();

    /// @param exitMillis how long all hooks together may take
    ExitWatch(Departure departure, long exitMillis) {
        this.departure = departure;
        this.exitMillis = exitMillis;
    }

    static ExitWatch install(Departure departure) {
        ExitWatch watch = new ExitWatch(departure, EXIT_MILLIS);
        Runtime.getRuntime().addShutdownHook(new Thread(null, watch::ending, "muster-exit", 256 * 1024, false));
        return watch;
    }

    /// A thread to look at although it may be virtual: the virtual machine lists only platform threads.
    void include(Thread thread) {
        if (thread.isVirtual() && !virtualThreads.contains(thread)) {
            virtualThreads.removeIf(old -> !old.isAlive());
            virtualThreads.add(thread);
        }
    }

    /// The hook.
    void ending() {
        if (departure.begun()) {
            return;
        }
        Thread guard = new Thread(null, this::cutOff, "muster-exit-guard", 256 * 1024, false);
        guard.setDaemon(true);
        guard.start();
        Thread report = new Thread(null, this::report, "muster-exit-report", 256 * 1024, false);
        report.setDaemon(true);
        report.start();
        try {
            report.join(REPORT_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void cutOff() {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(exitMillis);
        long left = end - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = end - System.nanoTime();
        }
        String detail = "user code called System.exit, and the shutdown hooks did not end in " + exitMillis + " ms";
        departure.leave(ExitReason.ERROR, detail, false, 1);
    }

    private void report() {
        ExitCallException call = find();
        System.getLogger("dev.muster.worker")
                .log(
                        Level.WARNING,
                        call == null
                                ? "user code called System.exit; its thread could not be found"
                                : "user code called System.exit on the thread '" + call.getMessage() + "'",
                        call);
        System.out.flush();
    }

    private @Nullable ExitCallException find() {
        for (Thread thread : virtualThreads) {
            StackTraceElement[] stack = thread.getStackTrace();
            if (exits(stack)) {
                return new ExitCallException(thread, stack);
            }
        }
        for (Map.Entry<Thread, StackTraceElement[]> entry :
                Thread.getAllStackTraces().entrySet()) {
            if (exits(entry.getValue())) {
                return new ExitCallException(entry.getKey(), entry.getValue());
            }
        }
        return null;
    }

    /// Whether the stack waits inside `Runtime.exit`. The frames of the exit itself are at the top.
    static boolean exits(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (frame.getMethodName().equals("exit")
                    && (frame.getClassName().equals("java.lang.Shutdown")
                            || frame.getClassName().equals("java.lang.Runtime"))) {
                return true;
            }
        }
        return false;
    }

    /// The call as the log shows it: a stack, not an error of ours.
    private static final class ExitCallException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ExitCallException(Thread thread, StackTraceElement[] stack) {
            super(thread.getName(), null, false, true);
            setStackTrace(stack);
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
