package dev.muster.os;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// An operating-system call that failed: what was called with which arguments, and the error number.
/// The message reads `kill(812, 9) failed: No such process`.
///
/// **Threads:** immutable. **Lifetime:** none. **Failure:** a process that is gone is not always an error: the
/// callers in this package that expect it (`Signals.send`, `Wait.tryReap`) answer with a value instead.
public final class NativeException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_TEXT = 256;

    private final String call;
    private final int errno;

    /// @param call the call with its arguments, as in `kill(812, 9)`
    /// @param errno the error number that it left
    public NativeException(String call, int errno) {
        super(call + " failed: " + text(errno));
        this.call = call;
        this.errno = errno;
    }

    /// The call with its arguments.
    public String call() {
        return call;
    }

    /// The error number, see `errno(3)`.
    public int errno() {
        return errno;
    }

    /// True if the machine or a limit of this user was short of something (memory, processes, descriptors) when the
    /// call was made: the same call may succeed later. False if the call itself was wrong or not permitted.
    public boolean shortage() {
        return errno == Errno.EAGAIN || errno == Errno.ENOMEM || errno == Errno.EMFILE || errno == Errno.ENFILE;
    }

    /// Makes sure that errors can be told when nothing can be loaded any more, for want of the descriptors that
    /// loading takes. To be called early by who must live through such a shortage.
    public static void prepare() {
        if (text(Errno.EMFILE).isEmpty()) {
            throw new IllegalStateException("the C library has no text for EMFILE");
        }
    }

    /// The text of an error number, never empty. `strerrordesc_np(3)`: not translated and safe on any thread.
    static String text(int errno) {
        try {
            MemorySegment found = (MemorySegment) Text.STRERRORDESC.invokeExact(errno);
            return found.address() == 0 ? "errno " + errno : Native.cString(found, LONGEST_TEXT);
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static final class Text {
        static final MethodHandle STRERRORDESC =
                Native.plain("strerrordesc_np", FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    }
}
