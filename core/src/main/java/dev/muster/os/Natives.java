package dev.muster.os;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/// Whether this process calls the C library, decided once. Where it cannot, or shall not, the types of this package do
/// what the Java platform alone can do: that is the degraded mode, described in docs/operate/degraded.md.
///
/// A class that makes native calls keeps its handles in a nested class, and looks here before it touches that:
/// otherwise its initialisation alone would fail where native access is denied.
///
/// **Threads:** any. **Lifetime:** the answer never changes while the process lives. **Failure:** none; a machine that
/// is not known is a reason for the degraded mode.
public final class Natives {
    /// The system property that switches native calls off with the value `off`; children get it from their master.
    public static final String PROPERTY = "muster.native";

    private static final String OFF = "off";
    private static final String WHY = "muster.native.why";

    /// The newest functions that this package needs; a C library without them is another one, or too old.
    private static final String[] NEEDED = {"posix_spawn_file_actions_addclosefrom_np", "strerrordesc_np"};

    private Natives() {}

    /// Why this process works in degraded mode, as part of a sentence; empty if it does not.
    public static String degraded() {
        return Decision.REASON;
    }

    /// True if native calls are made.
    public static boolean available() {
        return Decision.AVAILABLE;
    }

    /// The line that an operator must see at the start of a degraded application: why, what that means, and what to
    /// do; empty if native calls are made.
    public static String warning() {
        return available()
                ? ""
                : "degraded mode, because " + degraded() + ": supervision works, but the death of the master reaches"
                        + " its children only over their control connection, processes that a worker leaves behind when"
                        + " it ends by itself are not killed, a dump is only what a process still answers, and titles,"
                        + " nice values and processor binding have no effect; see docs/operate/degraded.md";
    }

    /// Switches native calls off. To be called before anything else in this package was used.
    ///
    /// @throws IllegalStateException if native calls have been made already
    public static void switchOff() {
        System.setProperty(PROPERTY, OFF);
        if (available()) {
            throw new IllegalStateException("native calls cannot be switched off any more: some were made already;"
                    + " start the program with -D" + PROPERTY + "=" + OFF);
        }
    }

    /// Looks whether the kernel has what only a master needs, before the decision is made. A kernel older than 5.3,
    /// and a container whose filter for system calls is older than that, do not have it.
    public static void prepareMaster() {
        String why = reason();
        if (why.isEmpty()) {
            MemorySegment state = Native.state();
            long fd = Syscall.call(
                    state, Platform.PIDFD_OPEN, ProcessHandle.current().pid(), 0, 0, 0);
            if (fd >= 0) {
                Fd.close((int) fd);
                return;
            }
            why = "the kernel refuses pidfd_open (error " + Native.errno(state) + ")";
        }
        // Looked at twice, a class that could not be initialised gives another answer.
        System.setProperty(WHY, why);
        System.setProperty(PROPERTY, OFF);
    }

    /// What to throw where nothing of the Java platform can take the place of a native call.
    ///
    /// @param what was to be done, as in `set a nice value`
    static UnsupportedOperationException refusal(String what) {
        return new UnsupportedOperationException(
                "cannot " + what + ": this process works without native calls, because " + degraded()
                        + "; leave the call out where Natives.available() is false, or allow native access");
    }

    private static String reason() {
        String property = System.getProperty(PROPERTY, "");
        if (property.equals(OFF)) {
            return System.getProperty(WHY, "native calls are switched off (" + PROPERTY + "=" + OFF + ")");
        }
        if (!Platform.known()) {
            return "native calls are known for linux on x86-64 and aarch64 only, and this is "
                    + System.getProperty("os.name") + " " + System.getProperty("os.arch");
        }
        try {
            SymbolLookup library = Linker.nativeLinker().defaultLookup();
            for (String function : NEEDED) {
                if (library.find(function).isEmpty()) {
                    return "the C library has no " + function + "; it is not glibc, or older than 2.34";
                }
            }
            if (!Natives.class.getModule().isNativeAccessEnabled()) {
                // Denied, or merely warned about: only a try tells.
                Syscall.link();
            }
            return "";
        } catch (IllegalCallerException _) {
            return denied();
        } catch (ExceptionInInitializerError e) {
            return e.getCause() instanceof IllegalCallerException ? denied() : "native calls fail: " + e.getCause();
        } catch (UnsupportedOperationException | LinkageError e) {
            return "native calls fail: " + e;
        }
    }

    private static String denied() {
        return "the virtual machine denies native access (--illegal-native-access=deny without"
                + " --enable-native-access=ALL-UNNAMED)";
    }

    private static final class Decision {
        static final String REASON = reason();
        static final boolean AVAILABLE = REASON.isEmpty();
    }
}
