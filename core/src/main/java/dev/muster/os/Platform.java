package dev.muster.os;

import java.util.Locale;

/// The processor families that this package knows, with what differs between them in the Linux kernel interface.
///
/// Structures and constants that are not listed here have the same layout and value on both (see `asm-generic`).
enum Platform {
    X86_64(157, 110, 231, 202, 247, 302),
    AARCH64(167, 173, 94, 98, 95, 261);

    /// `pidfd_open(2)`; calls that are newer than Linux 5.1 have one number everywhere.
    static final int PIDFD_OPEN = 434;

    /// `pidfd_send_signal(2)`.
    static final int PIDFD_SEND_SIGNAL = 424;

    /// `close_range(2)`.
    static final int CLOSE_RANGE = 436;

    private final int prctl;
    private final int getppid;
    private final int exitGroup;
    private final int futex;
    private final int waitid;
    private final int prlimit;

    Platform(int prctl, int getppid, int exitGroup, int futex, int waitid, int prlimit) {
        this.prctl = prctl;
        this.getppid = getppid;
        this.exitGroup = exitGroup;
        this.futex = futex;
        this.waitid = waitid;
        this.prlimit = prlimit;
    }

    /// The number of `prctl(2)`.
    int prctl() {
        return prctl;
    }

    /// The number of `getppid(2)`.
    int getppid() {
        return getppid;
    }

    /// The number of `exit_group(2)`, which is all that `_exit(3)` does.
    int exitGroup() {
        return exitGroup;
    }

    /// The number of `futex(2)`.
    int futex() {
        return futex;
    }

    /// The number of `waitid(2)`.
    int waitid() {
        return waitid;
    }

    /// The number of `prlimit64(2)`.
    int prlimit() {
        return prlimit;
    }

    /// Whether this process runs on one of these machines.
    static boolean known() {
        try {
            return current() != null;
        } catch (UnsupportedOperationException _) {
            return false;
        }
    }

    /// The machine that this process runs on.
    ///
    /// @throws UnsupportedOperationException if it is not Linux on one of these processors
    static Platform current() {
        return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    /// @param os the value of `os.name`
    /// @param arch the value of `os.arch`
    static Platform of(String os, String arch) {
        boolean linux = os.equals("Linux");
        String family = arch.toLowerCase(Locale.ROOT);
        if (linux && (family.equals("amd64") || family.equals("x86_64"))) {
            return X86_64;
        }
        if (linux && family.equals("aarch64")) {
            return AARCH64;
        }
        throw new UnsupportedOperationException("muster supervises processes on linux x86-64 and linux aarch64 only, "
                + "this is " + os + " " + arch + "; run it on one of those, or in a container of one of those");
    }
}
