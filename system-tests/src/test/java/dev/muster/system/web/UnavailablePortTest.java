package dev.muster.system.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Starts that end because the port cannot be had. That nothing is left is checked at the end of each application.
@Timeout(60)
class UnavailablePortTest {
    @TempDir
    Path directory;

    private String refusal(RunningApp app, int code) {
        assertThat(app.launch().awaitExit()).isEqualTo(code);
        assertThat(app.processes()).isEmpty();
        assertThat(app.output()).doesNotContain("\tat ", "start process");
        return app.output()
                .lines()
                .filter(line -> line.startsWith("muster: "))
                .reduce((first, second) -> first + " / " + second)
                .orElse("");
    }

    @Test
    void oneThatIsTakenIsSaidWithItsOwner() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                RunningApp app = WebApp.in(directory)) {
            int port = taken.getLocalPort();
            WebApp.configure(directory, "0.0.0.0", port, 1);
            assertThat(refusal(app, 71))
                    .startsWith("muster: cannot listen on 0.0.0.0 port " + port + ": the port is taken by process "
                            + ProcessHandle.current().pid() + " (")
                    .endsWith("); end it, or set server.port to another port");
        }
    }

    @Test
    @Tag("long")
    void anotherApplicationIsNamedByItsMaster() throws IOException {
        int port = WebApp.free();
        Path one = Files.createDirectory(directory.resolve("one"));
        Path other = Files.createDirectory(directory.resolve("other"));
        WebApp.configure(one, "127.0.0.1", port, 1);
        WebApp.configure(other, "127.0.0.1", port, 1);
        try (RunningApp owner = WebApp.in(one).start();
                RunningApp app = WebApp.in(other)) {
            assertThat(refusal(app, 71))
                    .contains("by process " + owner.masterPid() + " (java_master:Answering); end it, or set");
        }
    }

    @Test
    void anAddressOfAnotherMachineIsAMistakeInTheConfiguration() {
        WebApp.configure(directory, "192.0.2.1", WebApp.free(), 1);
        try (RunningApp app = WebApp.in(directory)) {
            assertThat(refusal(app, 78)).contains("192.0.2.1 is not an address of this machine");
        }
    }

    @Test
    void aPortForWhichThePermissionIsMissing() throws IOException {
        Path first = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
        Assumptions.assumeTrue(
                Integer.parseInt(Files.readAllLines(first).getFirst().strip()) > 81, "a machine that protects ports");
        WebApp.configure(directory, "127.0.0.1", 81, 1);
        RunningApp app = WebApp.in(directory)
                .prefix("setpriv", "--bounding-set=-net_bind_service", "--inh-caps=-net_bind_service");
        try (app) {
            assertThat(refusal(app, 77)).contains("ports under 1024 need a permission that this user does not have");
        }
    }
}
