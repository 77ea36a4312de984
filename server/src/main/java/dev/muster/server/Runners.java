package dev.muster.server;

import dev.muster.web.WebHost;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs user code, on a virtual thread of its own or on the calling one.
final class Runners {
    private final WebHost host;
    private final ThreadFactory threads =
            Thread.ofVirtual().name("muster-web-", 0).factory();

    Runners(WebHost host) {
        this.host = host;
    }

    /// @param here whether on the calling thread
    /// @param code to be run
    /// @param end told what it threw, null if it returned
    void run(boolean here, Callable<?> code, Consumer<@Nullable Throwable> end) {
        if (here) {
            attempt(code, end);
        } else {
            threads.newThread(() -> attempt(code, end)).start();
        }
    }

    private void attempt(Callable<?> code, Consumer<@Nullable Throwable> end) {
        Throwable thrown = null;
        try {
            Object _ = code.call();
        } catch (OutOfMemoryError e) {
            host.exhausted(e);
        } catch (Throwable e) {
            // An error such as a stack that overflows ends the request, not the worker.
            thrown = e;
        }
        end.accept(thrown);
    }
}
