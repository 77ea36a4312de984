package dev.muster.memory;

import dev.muster.os.Signals;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// Takes the place of the class of this name in the code that is tested: kills the process with SIGKILL when it comes
/// to the place of `-Dmuster.fault=PLACE` for the Nth time (`-Dmuster.fault.count=N`), or runs what a test wants to
/// happen there.
final class FaultPoint {
    static final String PLACE = "muster.fault";
    static final String COUNT = "muster.fault.count";

    private static final String KILLED_AT = System.getProperty(PLACE, "");
    private static final AtomicInteger LEFT = new AtomicInteger(Integer.getInteger(COUNT, 1));
    private static final Map<String, Runnable> ACTIONS = new ConcurrentHashMap<>();

    private FaultPoint() {}

    /// From now on this happens at a place, whichever thread of this JVM comes there.
    static void at(String place, Runnable action) {
        ACTIONS.put(place, action);
    }

    static void reached(String place) {
        Runnable action = ACTIONS.get(place);
        if (action != null) {
            action.run();
        }
        if (place.equals(KILLED_AT) && LEFT.decrementAndGet() == 0) {
            boolean _ = Signals.send(ProcessHandle.current().pid(), Signals.KILL);
            while (true) {
                LockSupport.park();
            }
        }
    }
}
