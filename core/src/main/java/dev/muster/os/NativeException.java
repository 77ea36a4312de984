package dev.muster.os;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.FileSystemException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An operating-system call that failed: what was called with which arguments, and the error number.
/// The message reads `kill(812, 9) failed: No such process`.
///
/// **Threads:** immutable. **Lifetime:** none. **Failure:** a process that is gone is not always an error: the
/// callers in this package that expect it (`Signals.send`, `Wait.tryReap`) answer with a value instead.
public final class NativeException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_TEXT = 256;

    /// How the platform names the number when it cannot start a program.
    private static final Pattern NUMBER = Pattern.compile("error[=:] ?(\\d{1,4})\\b");

    private final String call;
    private final int errno;

    /// @param call the call with its arguments, as in `kill(812, 9)`
    /// @param errno the error number that it left
    public NativeException(String call, int errno) {
        super(call + " failed: " + text(errno));
        this.call = call;
        this.errno = errno;
    }

    /// For a call that the Java platform made for this package.
    ///
    /// @param call as above
    /// @param why what the platform said; its text may hold an error number, else that is 0
    NativeException(String call, IOException why) {
        super(call + " failed: " + text(why), why);
        this.call = call;
        Matcher number = NUMBER.matcher(String.valueOf(why.getMessage()));
        this.errno = number.find() ? Integer.parseInt(number.group(1)) : 0;
    }

    /// The call with its arguments.
    public String call() {
        return call;
    }

    /// The error number, see `errno(3)`; 0 if it is not known.
    public int errno() {
        return errno;
    }

    /// True if the machine or a limit of this user was short of something (memory, processes, descriptors) when the
    /// call was made: the same call may succeed later. False if the call itself was wrong or not permitted.
    public boolean shortage() {
        return errno == Errno.EAGAIN || errno == Errno.ENOMEM || errno == Errno.EMFILE || errno == Errno.ENFILE;
    }

    /// True if what was asked about is no child of this process, or was collected already.
    public boolean noChild() {
        return errno == Errno.ECHILD;
    }

    /// Some kinds of exception say what is wrong by their name, and only where in their text.
    private static String text(IOException why) {
        return why instanceof FileSystemException
                ? why.getClass().getSimpleName() + " " + why.getMessage()
                : String.valueOf(why.getMessage());
    }

    /// Makes sure that errors can be told when nothing can be loaded any more, for want of the descriptors that
    /// loading takes. To be called early by who must live through such a shortage.
    public static void prepare() {
        if (Natives.available() && text(Errno.EMFILE).isEmpty()) {
            throw new IllegalStateException("the C library has no text for EMFILE");
        }
    }

    /// The text of an error number, never empty. `strerrordesc_np(3)`: not translated and safe on any thread.
    static String text(int errno) {
        if (!Natives.available()) {
            return "errno " + errno;
        }
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
