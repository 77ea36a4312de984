package dev.muster.console;

import dev.muster.os.Identity;
import dev.muster.os.NativeException;
import dev.muster.os.Pidfd;
import dev.muster.os.Poller;
import java.time.Duration;
import java.util.Optional;

/// Waits for the end of a process that need not be a child of this one.
final class Gone {
    private Gone() {}

    /// Waits until the process has ended, or the time is over.
    ///
    /// @return whether it has ended
    static boolean within(Identity process, Duration limit) {
        try (Pidfd handle = Pidfd.open((int) process.pid());
                Poller poller = new Poller()) {
            if (!Identity.of(process.pid()).equals(Optional.of(process))) {
                return true;
            }
            // not Identity.alive(): a process counts as a zombie while threads of it still end
            long end = System.nanoTime() + limit.toNanos();
            poller.add(handle.fd(), Poller.IN, 0);
            boolean ended = false;
            for (long left = limit.toNanos(); !ended && left > 0; left = end - System.nanoTime()) {
                ended = poller.poll(Duration.ofNanos(left), (_, _) -> {}) > 0;
            }
            return ended;
        } catch (NativeException _) {
            return !process.alive();
        }
    }
}
