package dev.muster.worker;

import java.util.function.Consumer;

/// Whether this worker gets on with its task store. The master hears of each change.
///
/// **Threads:** safe for use by many threads. **Lifetime:** that of the process.
final class Outage {
    private final Consumer<String> master;
    // Guarded by this.
    private boolean told;

    /// @param master is told what fails, and with an empty text when it works again
    Outage(Consumer<String> master) {
        this.master = master;
    }

    /// The store has refused something, or did not answer.
    synchronized void begins(String what) {
        if (!told) {
            told = true;
            master.accept(what);
        }
    }

    /// The store has done what it was asked for.
    synchronized void isOver() {
        if (told) {
            told = false;
            master.accept("");
        }
    }
}
