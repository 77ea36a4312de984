package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Echoing;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A master with options that only one process of a machine can have, or that are not meant for its children; and with
/// some that are.
@Timeout(60)
class MasterOptionsTest {
    @TempDir
    Path directory;

    @Test
    void childrenStartAllTheSame() throws IOException {
        RunningApp app = RunningApp.of(Echoing.class, directory)
                .packed(Ledger.class)
                .option("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0")
                .option("-Dcom.sun.management.jmxremote.port=" + freePort())
                .option("-Dcom.sun.management.jmxremote.authenticate=false")
                .option("-Dcom.sun.management.jmxremote.ssl=false")
                .option("-Xmx96m")
                .option("-Xlog:gc:file=" + directory.resolve("gc.log"))
                .option("-Dacme.colour=dark red")
                .option("-ea")
                .environment("ACME_SIZE", "12")
                .argument("one argument")
                .argument("");
        try (app) {
            app.start();
            Patience.await("what the child sees")
                    .until(() -> !Ledger.texts(directory, "echo").isEmpty());
            assertThat(Ledger.texts(directory, "echo").getFirst()).isEqualTo("[one argument, ] dark red 12 true");
            assertThat(app.slot("Echo").get("state").asString()).isEqualTo("RUNNING");
            assertThat(app.deaths()).isEmpty();
            try (var files = Files.list(directory)) {
                assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("gc.log")))
                        .as("only the master writes its log")
                        .containsExactly("gc.log");
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
