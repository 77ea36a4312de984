package dev.muster.worker;

import dev.muster.board.BoardSlot;
import dev.muster.control.Message;
import dev.muster.probe.HealthProbe;
import dev.muster.probe.ProbePort;
import dev.muster.probe.ProbeServer;
import dev.muster.scan.Declaration;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;

/// The life of the console: it answers health probes with what it asks of the master.
///
/// **Threads:** one carries it out. **Lifetime:** that of the process. **Failure:** a port that cannot be had is a
/// failed boot; a master that does not answer is what `/livez` reports; a master that is gone ends this process.
final class ConsoleLoop {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Child child;
    private final Declaration.Console declaration;

    ConsoleLoop(Child child, Declaration.Console declaration) {
        this.child = child;
        this.declaration = declaration;
    }

    /// Boots, serves until a stop is asked for, and ends the process. Does not return.
    ///
    /// @throws IOException if the port cannot be had, or the master cannot be told
    void run() throws IOException {
        long master = child.server().masterPid();
        ServerSocketChannel listening = ProbePort.open(declaration.host(), declaration.port(), master);
        String app = child.welcome().settings().getOrDefault("app.name", "");
        HealthProbe probe = new HealthProbe(app, master, () -> child.link().stats(PATIENCE), System::nanoTime);
        BoardSlot slot = child.slot();
        try (ProbeServer server = new ProbeServer(listening, target -> {
            Child.awaitPermission(slot);
            return probe.answer(target);
        })) {
            child.stop().onStop(server::end);
            child.link().send(new Message.Ready());
            server.serve();
        }
        child.departure().leave(child.stop().reason(), child.stop().detail(), false, 0);
    }
}
