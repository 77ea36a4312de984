package dev.muster.system.process;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Hanging;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A process that a debugger may hold.
@Timeout(240)
@Tag("long")
class DebuggedProcessTest {
    private static final long LONG_OVER = TimeUnit.SECONDS.toNanos(4);

    @TempDir
    Path directory;

    @Test
    void itHasAPortAndIsNotAccusedOfAHang() throws IOException {
        int port = freePort();
        RunningApp app = RunningApp.of(Hanging.class, directory)
                .packed(Ledger.class)
                .option("-Dmuster.debug=Looper")
                .option("-Dmuster.debug.port=" + port)
                .set("limits.drain", "1s");
        try (app) {
            app.start();
            long looper = app.pid("Looper");
            byte[] handshake = "JDWP-Handshake".getBytes(US_ASCII);
            try (Socket debugger = new Socket(InetAddress.getLoopbackAddress(), port)) {
                debugger.getOutputStream().write(handshake);
                assertThat(debugger.getInputStream().readNBytes(handshake.length))
                        .isEqualTo(handshake);
            }
            Patience.await("the run that does not end")
                    .until(() -> !Ledger.read(directory, "looper").isEmpty());
            long begin = Ledger.read(directory, "looper").getFirst().nanos();
            assertThat(app.awaitDeath("Deadlocked").get("kind").asString())
                    .as("the same limit, without a debugger")
                    .isEqualTo("deadline");
            Patience.await("long after its limit of 500 ms").until(() -> System.nanoTime() - begin > LONG_OVER);
            assertThat(app.pid("Looper")).isEqualTo(looper);
            assertThat(app.deaths("Looper")).isEmpty();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
