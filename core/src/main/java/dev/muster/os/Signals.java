package dev.muster.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/// Signals: their numbers (`signal(7)`, equal on x86-64 and AArch64), sending, and receiving in this virtual
/// machine.
///
/// **Threads:** any. **Lifetime:** a handler stays until the process ends or another one replaces it.
/// **Failure:** sending to a process that is gone answers false.
public final class Signals {
    public static final int HUP = 1;
    public static final int INT = 2;
    public static final int QUIT = 3;
    public static final int ABRT = 6;
    public static final int KILL = 9;
    public static final int USR1 = 10;
    public static final int SEGV = 11;
    public static final int TERM = 15;
    public static final int CONT = 18;
    public static final int STOP = 19;
    public static final int TTIN = 21;
    public static final int TTOU = 22;
    public static final int WINCH = 28;

    /// The highest signal number; from 32 on they are real-time signals.
    static final int LAST = 64;

    private static final String[] NAMES = {
        "0", "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE", "ALRM",
        "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM", "PROF",
        "WINCH", "IO", "PWR", "SYS"
    };

    private Signals() {}

    /// Sends a signal to one process. `kill(2)`.
    ///
    /// @param pid above 1; prefer a [Pidfd] where the pid may have been given away
    /// @param signal a number, or 0 to only look
    /// @return false if there is no such process
    /// @throws NativeException `EPERM` if this user may not
    /// @throws UnsupportedOperationException in degraded mode, if it is another signal than TERM and KILL
    public static boolean send(long pid, int signal) {
        int checked = checked(pid, "process");
        return Natives.available() ? Sender.kill(checked, signal) : PlainChildren.send(checked, signal);
    }

    /// Sends a signal to every process of a group. `kill(2)` with a negative number. In degraded mode there are no
    /// groups: then it goes to the process with this id and to those that descend from it now, if it still runs.
    ///
    /// @param group the group's id, above 1
    /// @return false if there is no such group
    /// @throws NativeException `EPERM` if this user may not signal any of them
    public static boolean sendGroup(long group, int signal) {
        int checked = checked(group, "process group");
        return Natives.available() ? Sender.kill(-checked, signal) : PlainChildren.sendTree(checked, signal);
    }

    /// Whether [#send(long, int)] can send this signal here: in degraded mode only TERM and KILL.
    public static boolean canSend(int signal) {
        return Natives.available() || signal == TERM || signal == KILL || signal == 0;
    }

    /// The name of a signal: `SIGKILL`, `SIGRT34`.
    public static String name(int signal) {
        if (signal < 0 || signal > LAST) {
            return "signal " + signal;
        }
        return signal < NAMES.length ? "SIG" + NAMES[signal] : "SIGRT" + signal;
    }

    /// The number of a signal.
    ///
    /// @param name with or without `SIG`, in any case
    /// @throws IllegalArgumentException if there is none of that name
    public static int number(String name) {
        String plain = name.toUpperCase(Locale.ROOT);
        plain = plain.startsWith("SIG") ? plain.substring(3) : plain;
        for (int signal = 1; signal < NAMES.length; signal++) {
            if (NAMES[signal].equals(plain)) {
                return signal;
            }
        }
        throw new IllegalArgumentException("there is no signal '" + name
                + "'; use a name of signal(7) such as TERM, not that of a real-time signal");
    }

    /// Runs an action whenever this process receives a signal. It runs on a new thread of the virtual machine each
    /// time; equal signals that arrive together may count as one. Keep it short: put an event into a queue.
    ///
    /// Handling HUP, INT or TERM takes away what the virtual machine does on them: from then on they do not end the
    /// process. For these three nothing happens if the process was started with them ignored, see
    /// [#ignored(String)].
    ///
    /// @param name with or without `SIG`
    /// @throws IllegalArgumentException if the virtual machine or the kernel keeps this signal for itself
    public static void handle(String name, Runnable action) {
        SignalDispatch.handle(number(name), action);
    }

    /// True if this process ignores the signal, which it inherits from a shell's `nohup` or `&`.
    /// `proc_pid_status(5)`.
    ///
    /// @param name with or without `SIG`
    public static boolean ignored(String name) {
        int signal = number(name);
        long mask = ProcFs.statusField("self", "SigIgn:")
                .map(hex -> Long.parseUnsignedLong(hex, 16))
                .orElse(0L);
        return ((mask >>> (signal - 1)) & 1) == 1;
    }

    /// The name without `SIG`.
    static String plainName(int signal) {
        return NAMES[signal];
    }

    private static int checked(long id, String what) {
        if (id <= 1 || id > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("refused to signal " + what + " " + id
                    + ": 0, 1 and negative numbers mean other processes than one would expect");
        }
        return (int) id;
    }

    private static final class Sender {
        private static final MethodHandle KILL =
                Native.function("kill", FunctionDescriptor.of(Native.INT, Native.INT, Native.INT));

        static boolean kill(int target, int signal) {
            MemorySegment state = Native.state();
            int result;
            try {
                result = (int) KILL.invokeExact(state, target, signal);
            } catch (Throwable t) {
                throw Native.unexpected(t);
            }
            if (result == 0) {
                return true;
            }
            if (Native.errno(state) == Errno.ESRCH) {
                return false;
            }
            throw Native.failure(state, "kill(" + target + ", " + signal + ")");
        }
    }
}
