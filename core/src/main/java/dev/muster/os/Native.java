package dev.muster.os;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// How this package calls the C library: handles that keep `errno`, and the few conversions that calls need.
///
/// A class that wraps a facility keeps its handles in static fields of its own (or of a nested class), so that a
/// process links only what it uses. Handles of equal shape share their generated code: prefer a shape that is there
/// already.
///
/// **Threads:** any. The state segment that receives `errno` belongs to the calling thread: read it before the next
/// call. **Lifetime:** none. **Failure:** [UnsupportedOperationException] where a symbol is missing.
final class Native {
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;
    static final AddressLayout POINTER = ValueLayout.ADDRESS;

    /// What this process runs on; also the check that it is a machine we know.
    static final Platform PLATFORM = Platform.current();

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup LIBC = LINKER.defaultLookup();
    private static final Linker.Option KEEP_ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO_AT = STATE.byteOffset(PathElement.groupElement("errno"));
    private static final ThreadLocal<MemorySegment> STATE_OF_THREAD =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

    private Native() {}

    /// A function that sets `errno`; the handle's first argument is [#state()].
    static MethodHandle function(String name, FunctionDescriptor shape) {
        return link(name, shape, KEEP_ERRNO);
    }

    /// The same for a function with variable arguments.
    ///
    /// @param fixed how many arguments come before the dots
    static MethodHandle variadic(String name, int fixed, FunctionDescriptor shape) {
        return link(name, shape, KEEP_ERRNO, Linker.Option.firstVariadicArg(fixed));
    }

    /// A function that does not set `errno`; the handle has only the function's arguments.
    static MethodHandle plain(String name, FunctionDescriptor shape) {
        return link(name, shape);
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(String name, FunctionDescriptor shape, Linker.Option... options) {
        MemorySegment symbol = LIBC.find(name)
                .orElseThrow(() -> new UnsupportedOperationException(
                        "the C library has no " + name + "; muster needs glibc 2.34 or newer"));
        return LINKER.downcallHandle(symbol, shape, options);
    }

    /// Where a call of the current thread leaves `errno`.
    static MemorySegment state() {
        return STATE_OF_THREAD.get();
    }

    static int errno(MemorySegment state) {
        return state.get(INT, ERRNO_AT);
    }

    /// What to throw for a call that failed.
    static NativeException failure(MemorySegment state, String call) {
        return new NativeException(call, errno(state));
    }

    /// What to throw for a throwable of a method handle, which can only be a defect.
    static RuntimeException unexpected(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error;
        }
        return thrown instanceof RuntimeException defect ? defect : new IllegalStateException(thrown);
    }

    /// A text that C code owns.
    ///
    /// @param longest the bytes within which its end must be
    @SuppressWarnings("restricted")
    static String cString(MemorySegment address, int longest) {
        return address.reinterpret(longest).getString(0, StandardCharsets.UTF_8);
    }

    /// A text for C code.
    ///
    /// @throws IllegalArgumentException if it contains a NUL, where C code would end it
    static MemorySegment text(SegmentAllocator memory, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a text for the operating system contains a NUL: "
                    + text.replace('\0', '?') + "; remove the character");
        }
        return memory.allocateFrom(text, StandardCharsets.UTF_8);
    }

    /// A null-terminated array of texts, as `argv` and `envp` are.
    static MemorySegment vector(SegmentAllocator memory, List<String> texts) {
        MemorySegment vector = memory.allocate(POINTER, texts.size() + 1L);
        for (int i = 0; i < texts.size(); i++) {
            vector.setAtIndex(POINTER, i, text(memory, texts.get(i)));
        }
        vector.setAtIndex(POINTER, texts.size(), MemorySegment.NULL);
        return vector;
    }
}
