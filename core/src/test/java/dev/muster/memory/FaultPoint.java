package dev.muster.memory;

import dev.muster.os.Signals;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Takes the place of the class of this name in the code that is tested: kills the process with SIGKILL when it comes
/// to the place of `-Dmuster.fault=PLACE` for the Nth time (`-Dmuster.fault.count=N`).
final class FaultPoint {
    static final String PLACE = "muster.fault";
    static final String COUNT = "muster.fault.count";

    private static final String KILLED_AT = System.getProperty(PLACE, "");
    private static final AtomicInteger LEFT = new AtomicInteger(Integer.getInteger(COUNT, 1));

    private FaultPoint() {}

    static void reached(String place) {
        if (place.equals(KILLED_AT) && LEFT.decrementAndGet() == 0) {
            boolean _ = Signals.send(ProcessHandle.current().pid(), Signals.KILL);
            while (true) {
                LockSupport.park();
            }
        }
    }
}
