package dev.muster.examples.demo;

import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.UserProcess;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Pushes what waits for it: to the pages of one user, or to all of them.
@UserProcess
public class WebSocketPushProcess {
    private static final JsonMapper JSON = new JsonMapper();

    public void run(Server server, ProcessContext process) throws InterruptedException {
        while (!process.stopping()) {
            // A push is taken as soon as it comes; without one the process looks once a second whether it is to stop.
            Pushes.Push next = Pushes.CHANNEL.poll(Duration.ofSeconds(1));
            if (next != null) {
                push(server, next);
            }
        }
    }

    private static void push(Server server, Pushes.Push push) {
        String text = JSON.writeValueAsString(Map.of("kind", "message", "to", push.userId(), "text", push.text()));
        if (!push.userId().isEmpty()) {
            for (long connection : server.connectionsOf(push.userId())) {
                if (server.isEstablished(connection)) {
                    server.push(connection, text);
                }
            }
            return;
        }
        server.broadcast(text);
    }
}
