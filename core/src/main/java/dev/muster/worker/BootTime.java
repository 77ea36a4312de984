package dev.muster.worker;

import dev.muster.control.Message;
import java.lang.System.Logger.Level;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The time that this child's boot may take, as far as the child has a say in it: user code that knows that it will be
/// long asks the master for more.
///
/// **Threads:** any. **Lifetime:** from the start of the process to READY; afterwards a request is refused with a line
/// in the log. **Failure:** with the master gone nothing is sent, and the process is about to end anyway.
final class BootTime {
    private static final int LONGEST_REASON = 200;

    private static final BootTime PROCESS = new BootTime(System.getProperty("muster.child.slot") != null);

    private final boolean child;
    private @Nullable MasterLink master;
    /// What was asked for before the master could be reached.
    private Message.@Nullable Extend early;
    private boolean over;

    /// @param child whether a master started this JVM
    BootTime(boolean child) {
        this.child = child;
    }

    /// That of this JVM.
    static BootTime process() {
        return PROCESS;
    }

    /// The master is reached.
    synchronized void reached(MasterLink link) {
        master = link;
        Message.Extend waiting = early;
        early = null;
        if (waiting != null) {
            link.tell(waiting);
        }
    }

    /// The process becomes ready: what is asked for from now on comes too late.
    synchronized void over() {
        over = true;
    }

    /// See [dev.muster.Muster#extendBoot(Duration, String)].
    synchronized void extend(Duration more, String reason) {
        if (more.isNegative() || more.isZero()) {
            throw new IllegalArgumentException("cannot extend the boot by " + more
                    + ": legal is a positive duration; give how much more is needed");
        }
        if (!child || over) {
            refuse(more, reason);
            return;
        }
        String line = reason.replace('\n', ' ').replace('\r', ' ');
        Message.Extend request = new Message.Extend(
                more.compareTo(Duration.ofDays(1)) > 0 ? Duration.ofDays(1).toMillis() : Math.max(1, more.toMillis()),
                line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON) : line);
        MasterLink link = master;
        if (link != null) {
            link.tell(request);
        } else {
            Message.Extend before = early;
            early = before == null ? request : new Message.Extend(Math.max(before.millis(), request.millis()), request.reason());
        }
    }

    private void refuse(Duration more, String reason) {
        System.getLogger("dev.muster.worker")
                .log(
                        Level.WARNING,
                        "extendBoot(" + more.toMillis() + " ms, '" + reason + "') has no effect: "
                                + (child
                                        ? "this process is ready already; call it before the long part of the boot"
                                        : "this JVM is no child of a Muster master")
                                + ", its limits stay as they are");
    }
}
