package dev.muster.os;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Receiving signals through `sun.misc.Signal` of the supported module jdk.unsupported.
///
/// It is reached by reflection only because javac gives a warning for every mention of that class which cannot be
/// switched off for one file, and this build treats warnings as errors. The package is exported and open: no access
/// check is bypassed.
final class SignalDispatch {
    /// What the virtual machine uses itself, and what the kernel lets nobody handle. The virtual machine refuses
    /// some of them; the others it would give away and break.
    private static final Set<String> KEPT =
            Set.of("QUIT", "ILL", "TRAP", "FPE", "BUS", "SEGV", "PIPE", "XFSZ", "USR2", "KILL", "STOP");

    private SignalDispatch() {}

    static void handle(int signal, Runnable action) {
        String name = Signals.plainName(signal);
        if (KEPT.contains(name)) {
            throw new IllegalArgumentException("cannot handle SIG" + name
                    + ": the java virtual machine or the kernel keeps it; use another, such as USR1 or WINCH");
        }
        try {
            Class<?> signalType = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object handler = Proxy.newProxyInstance(
                    SignalDispatch.class.getClassLoader(), new Class<?>[] {handlerType}, new Action(action));
            Object _ = signalType
                    .getMethod("handle", signalType, handlerType)
                    .invoke(null, signalType.getConstructor(String.class).newInstance(name), handler);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "the virtual machine refused to give SIG" + name + " to a handler; was it started with -Xrs?", e);
        }
    }

    private record Action(Runnable action) implements InvocationHandler {
        @Override
        @SuppressWarnings("ReferenceEquality") // a proxy equals only itself
        public @Nullable Object invoke(Object proxy, Method method, Object[] arguments) {
            return switch (method.getName()) {
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                case "toString" -> "signal handler of " + action;
                default -> {
                    action.run();
                    yield null;
                }
            };
        }
    }
}
