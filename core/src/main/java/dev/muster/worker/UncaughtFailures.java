package dev.muster.worker;

import dev.muster.ExitReason;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/// What nobody caught: logged, and the end of the process if it is an exhausted memory. The virtual machine itself ends
/// a process whose heap is full; direct memory and threads that cannot be created come here.
final class UncaughtFailures implements Thread.UncaughtExceptionHandler {
    /// The exit code of a process without memory, the same that the virtual machine uses.
    static final int CODE = 3;

    private final Departure departure;

    private UncaughtFailures(Departure departure) {
        this.departure = departure;
    }

    static void install(Departure departure) {
        Thread.setDefaultUncaughtExceptionHandler(new UncaughtFailures(departure));
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (failure instanceof OutOfMemoryError memory) {
            leave(departure, memory);
        }
        Logger logger = System.getLogger("dev.muster.worker");
        logger.log(Level.ERROR, "thread '" + thread.getName() + "' ended by an exception that nobody caught", failure);
    }

    /// Ends the process. Does not return.
    static void leave(WayOut departure, OutOfMemoryError failure) {
        try {
            failure.printStackTrace(System.err);
        } catch (Throwable _) {
            // No memory to print it: the last word and the exit code say it.
        }
        departure.leave(ExitReason.OOM, FailedBoot.describe(failure), false, CODE);
    }
}
