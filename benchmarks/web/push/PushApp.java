import dev.muster.Muster;
import dev.muster.NonBlocking;
import dev.muster.PipeType;
import dev.muster.ProcessContext;
import dev.muster.Role;
import dev.muster.Server;
import dev.muster.ServerEvents;
import dev.muster.ServerListener;
import dev.muster.UserProcess;
import dev.muster.WebMessage;
import java.nio.charset.StandardCharsets;

/** Echoes on the event loop; and pushes to all, from the worker that is asked or from a process of its own. */
public final class PushApp {
    public static void main(String[] args) {
        Muster.run(PushApp.class, args);
    }

    @ServerEvents
    @NonBlocking
    public static final class Ears implements ServerListener {
        @Override
        public void onMessage(Server server, WebMessage message) {
            switch (message.text()) {
                case "all" -> server.broadcast("all");
                case "process" -> Thread.ofVirtual().start(() -> ask(server));
                default -> server.push(message.connectionId(), message.text());
            }
        }

        private static void ask(Server server) {
            int pusher = server.stats().slots().stream()
                    .filter(slot -> slot.role() == Role.USER)
                    .findFirst()
                    .orElseThrow()
                    .slot();
            server.sendMessage("process".getBytes(StandardCharsets.UTF_8), pusher);
        }
    }

    @UserProcess(name = "Pusher", interval = 0, pipe = PipeType.DATAGRAM)
    public static final class Pusher {
        public void run(Server server, ProcessContext process) {
            server.broadcast(new String(process.read(), StandardCharsets.UTF_8));
        }
    }
}
