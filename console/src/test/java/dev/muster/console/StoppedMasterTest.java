package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.control.ControlClient;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StoppedMasterTest {
    @TempDir
    Path directory;

    @Test
    void whoAsksAStoppedMasterDoesNotWaitForEver() throws Exception {
        Process master = new ProcessBuilder("sleep", "60").start();
        Path socket = directory.resolve("control.sock");
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            ServerSocketChannel _ = silent.bind(UnixDomainSocketAddress.of(socket));
            int code = new ProcessBuilder("kill", "-STOP", Long.toString(master.pid()))
                    .start()
                    .waitFor();
            assertThat(code).isZero();
            try (ControlClient client = ControlClient.connect(socket, Duration.ofSeconds(5));
                    StoppedMaster watch = StoppedMaster.over(master.pid(), client)) {
                assertThatThrownBy(client::receive).isInstanceOf(IOException.class);
                assertThat(watch.seen()).isTrue();
            }
        } finally {
            int _ = master.destroyForcibly().waitFor();
        }
    }
}
