package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.UserProcess;

/// Processes that run out of memory in their first life.
public final class Hoarding {
    public static void main(String[] args) {
        Muster.run(Hoarding.class, args);
    }

    @UserProcess(name = "Heap")
    public void heap() {
        boolean first = Ledger.isNew("heap");
        Ledger.note("heap", "run");
        if (first) {
            Object hoard = this;
            while (hoard != null) {
                hoard = new Object[] {hoard, new byte[8 << 20]};
            }
        }
    }

    /// Memory outside the heap, of which the virtual machine itself takes no notice.
    @UserProcess(name = "Direct")
    public void direct() {
        boolean first = Ledger.isNew("direct");
        Ledger.note("direct", "run");
        if (first) {
            throw new OutOfMemoryError("Cannot reserve 8388608 bytes of direct buffer memory");
        }
    }
}
