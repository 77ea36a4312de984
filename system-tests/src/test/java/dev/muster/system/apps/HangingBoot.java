package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.UserProcess;
import java.util.concurrent.CountDownLatch;

/// One process that hangs in its constructor, one whose constructor overflows the stack, until a test says `mended`;
/// and one that is well.
public final class HangingBoot {
    private HangingBoot() {}

    public static void main(String[] args) {
        Muster.run(HangingBoot.class, args);
    }

    /// Hangs.
    @UserProcess(name = "Hangs")
    public static final class Hangs {
        public Hangs() throws InterruptedException {
            if (!Ledger.told("mended")) {
                new CountDownLatch(1).await();
            }
        }

        public void run() {
            Ledger.note("hangs", "run");
        }
    }

    /// Overflows.
    @UserProcess(name = "Overflows")
    public static final class Overflows {
        public Overflows() {
            if (!Ledger.told("mended")) {
                int _ = deeper(0);
            }
        }

        @SuppressWarnings("InfiniteRecursion")
        private static int deeper(int depth) {
            return deeper(depth + 1) + 1;
        }

        public void run() {
            Ledger.note("overflows", "run");
        }
    }

    /// Is well.
    @UserProcess(name = "Well", interval = 50)
    public static final class Well {
        public void run() {
            Ledger.note("well", "run");
        }
    }
}
