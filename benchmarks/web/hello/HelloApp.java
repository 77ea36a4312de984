import dev.muster.Muster;
import dev.muster.Server;
import dev.muster.ServerEvents;
import dev.muster.ServerListener;
import dev.muster.WebMessage;
import dev.muster.WebRequest;
import dev.muster.WebResponse;
import java.util.Map;

/** Answers on virtual threads. */
public final class HelloApp {
    public static void main(String[] args) {
        Muster.run(HelloApp.class, args);
    }

    @ServerEvents
    public static final class Pages implements ServerListener {
        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) {
            if (request.path().equals("/json")) {
                response.json(Map.of("message", "Hello, World!"));
            } else {
                response.end("Hello, World!");
            }
        }

        @Override
        public void onMessage(Server server, WebMessage message) {
            server.push(message.connectionId(), message.data());
        }
    }
}
