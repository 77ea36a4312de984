package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.OnError;
import dev.muster.UserProcess;

/// Processes whose runs throw: for ever, or until a test says `mended`.
public final class Failing {
    public static void main(String[] args) {
        Muster.run(Failing.class, args);
    }

    @UserProcess(name = "Continues", interval = 50, onError = OnError.CONTINUE)
    public void goOn() {
        Ledger.note("continues", "run");
        throw new IllegalStateException("the sea is rough");
    }

    @UserProcess(name = "Overflows", interval = 50)
    public void overflow() {
        Ledger.note("overflows", "run");
        int _ = deeper(0);
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int deeper(int depth) {
        return deeper(depth + 1) + 1;
    }

    @UserProcess(name = "Restarts", interval = 50, onError = OnError.RESTART)
    public void restart() {
        boolean first = Ledger.isNew("restarts");
        Ledger.note("restarts", "run");
        if (first) {
            throw new IllegalStateException("start me again");
        }
    }

    @UserProcess(name = "Stops", interval = 50, onError = OnError.STOP)
    public void stop() {
        Ledger.note("stops", "run");
        if (!Ledger.told("mended")) {
            throw new IllegalStateException("leave me alone");
        }
    }
}
