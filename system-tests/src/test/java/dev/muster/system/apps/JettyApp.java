package dev.muster.system.apps;

import dev.muster.Muster;
import java.time.Duration;
import java.util.Objects;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Web workers that serve with Jetty, which their jar brings.
public final class JettyApp {
    private JettyApp() {}

    public static void main(String[] args) {
        Muster.run(JettyApp.class, args);
    }

    /// Tells the pid; `/wait` does when a file `go` is there, `/hang` never.
    static final class Pages extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            String path = Objects.requireNonNull(Request.getPathInContext(request));
            if (!path.equals("/")) {
                Ledger.note("requests", path);
            }
            while (path.equals("/hang") || path.equals("/wait") && !Ledger.told("go")) {
                Thread.sleep(Duration.ofMillis(5));
            }
            String pid = Long.toString(ProcessHandle.current().pid());
            response.getHeaders().put("Content-Length", pid.length());
            Content.Sink.write(response, true, pid, callback);
            return true;
        }
    }
}
