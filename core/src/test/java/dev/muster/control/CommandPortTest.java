package dev.muster.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message.Command;
import dev.muster.control.Message.Progress;
import dev.muster.control.Message.Reply;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommandPortTest {
    @TempDir
    Path directory;

    private CommandPort open() throws Exception {
        return CommandPort.open(directory.resolve("control.sock"), (command, talk) -> {
            talk.accept("working");
            return new Reply(0, command.verb() + command.options());
        });
    }

    @Test
    void answersACommand() throws Exception {
        try (CommandPort _ = open();
                ControlClient client = ControlClient.connect(directory.resolve("control.sock"), Duration.ZERO)) {
            client.send(new Command(Message.PROTOCOL_VERSION, "ps", Map.of("a", "b")));
            assertThat(client.receive()).isEqualTo(new Progress("working"));
            assertThat(client.receive()).isEqualTo(new Reply(0, "ps{a=b}"));
        }
    }

    @Test
    void refusesAnotherVersion() throws Exception {
        try (CommandPort _ = open();
                ControlClient client = ControlClient.connect(directory.resolve("control.sock"), Duration.ZERO)) {
            client.send(new Command(Message.PROTOCOL_VERSION + 1, "ps", Map.of()));
            assertThat(client.receive())
                    .isInstanceOfSatisfying(
                            Reply.class, reply -> assertThat(reply.exitCode()).isEqualTo(7));
        }
    }

    @Test
    void cutsOffWhatIsNoCommandAndGoesOn() throws Exception {
        Path socket = directory.resolve("control.sock");
        try (CommandPort _ = open()) {
            try (SocketChannel garbage = SocketChannel.open(StandardProtocolFamily.UNIX)) {
                assertThat(garbage.connect(UnixDomainSocketAddress.of(socket))).isTrue();
                int _ = garbage.write(ByteBuffer.wrap(new byte[100]));
                assertThat(garbage.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            }
            try (ControlClient client = ControlClient.connect(socket, Duration.ZERO)) {
                client.send(new Command(Message.PROTOCOL_VERSION, "ps", Map.of()));
                assertThat(client.receive()).isInstanceOf(Progress.class);
            }
        }
    }

    @Test
    void isForItsOwnerAndLeavesNothing() throws Exception {
        Path socket = directory.resolve("control.sock");
        try (CommandPort _ = open()) {
            assertThat(Files.getPosixFilePermissions(socket).stream().map(Enum::name))
                    .containsExactlyInAnyOrderElementsOf(Set.of("OWNER_READ", "OWNER_WRITE"));
        }
        assertThat(socket).doesNotExist();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("muster-control"));
    }
}
