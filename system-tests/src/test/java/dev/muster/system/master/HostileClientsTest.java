package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.ControlClient;
import dev.muster.control.Message;
import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ticking;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What anybody may do to the control socket of a real master: commands are answered all the while, and the
/// application goes on.
@Timeout(180)
class HostileClientsTest {
    @TempDir
    Path directory;

    private final List<SocketChannel> channels = new ArrayList<>();

    @Test
    void garbageSlownessAndCrowdsDisturbNobody() throws Exception {
        try (RunningApp app =
                RunningApp.of(Ticking.class, directory).packed(Ledger.class).start()) {
            long ticker = app.pid("Ticker");
            long neighbour = app.pid("Neighbour");
            Path socket = app.runDir().resolve("control.sock");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(app.runDir())))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            Random random = new Random(3);
            byte[] garbage = new byte[10 << 20];
            random.nextBytes(garbage);
            for (int i = 0; i < 1_000; i++) {
                SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket));
                channels.add(channel);
                switch (i % 4) {
                    case 0 -> write(channel, ByteBuffer.wrap(garbage, 0, 1 << i % 20));
                    case 1 -> write(channel, ByteBuffer.wrap(new byte[] {0}));
                    case 2 -> write(channel, ByteBuffer.allocate(12).putInt(0, Integer.MAX_VALUE));
                    default -> {}
                }
                if (i % 100 == 0) {
                    assertThat(app.command("ps", Map.of()).exitCode()).isZero();
                }
            }
            write(channels.getLast(), ByteBuffer.wrap(garbage));
            assertThat(app.ps()).hasSize(2);

            SocketChannel deaf = SocketChannel.open(UnixDomainSocketAddress.of(socket));
            channels.add(deaf);
            ControlClient waiting = ControlClient.connect(socket, Duration.ofSeconds(5));
            waiting.send(new Message.Command(Message.PROTOCOL_VERSION, "ready", Map.of()));
            assertThat(waiting.receive()).isInstanceOf(Message.Reply.class);
            waiting.close();
            commandsInFlight(app);

            int before = Ledger.texts(directory, "neighbour").size();
            Patience.await("the neighbour goes on")
                    .until(() -> Ledger.texts(directory, "neighbour").size() > before + 5);
            assertThat(app.pid("Ticker")).isEqualTo(ticker);
            assertThat(app.pid("Neighbour")).isEqualTo(neighbour);
            assertThat(app.deaths()).isEmpty();
            for (SocketChannel channel : channels) {
                channel.close();
            }
        }
    }

    private static void commandsInFlight(RunningApp app) throws InterruptedException {
        ConcurrentLinkedQueue<Integer> codes = new ConcurrentLinkedQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String verb = i % 2 == 0 ? "ps" : "deaths";
            callers.add(Thread.ofVirtual()
                    .start(() -> codes.add(app.command(verb, Map.of()).exitCode())));
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertThat(codes).hasSize(100).containsOnly(0);
    }

    @Test
    void aDeletedSocketIsThereAgainAndANewChildFindsIt() throws Exception {
        try (RunningApp app =
                RunningApp.of(Ticking.class, directory).packed(Ledger.class).start()) {
            long ticker = app.pid("Ticker");
            Path socket = app.runDir().resolve("control.sock");
            Files.delete(socket);
            Patience.await("the socket").until(() -> Files.exists(socket));
            app.awaitOutput("the file of the control socket was deleted or replaced; made it again");
            assertThat(app.pid("Ticker")).isEqualTo(ticker);
            app.signal("KILL", ticker);
            app.awaitReplaced("Ticker", ticker);
        }
    }

    private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
        var _ = channel.configureBlocking(false);
        try {
            var _ = channel.write(bytes);
        } catch (IOException e) {
            assertThat(e.getMessage())
                    .as("the master has closed the connection")
                    .containsAnyOf("Broken pipe", "reset");
        }
    }
}
