package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ServerChecksTest {
    @TempDir
    Path directory;

    private static Settings load(String... sets) {
        return SettingsLoader.load("Shop", null, Map.of(), List.of(sets));
    }

    @Test
    void aCertificateNeedsItsKeyAndBothMustBeThere() throws IOException {
        Path certificate = Files.createFile(directory.resolve("cert.pem"));
        Path key = Files.createFile(directory.resolve("key.pem"));
        assertThatThrownBy(() -> load("server.tls.certificate=" + certificate))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("needs server.tls.key beside it");
        assertThatThrownBy(() -> load("server.tls.key=" + key))
                .hasMessageContaining("needs server.tls.certificate beside it");
        assertThatThrownBy(() -> load(
                        "server.tls.certificate=" + certificate, "server.tls.key=" + directory.resolve("none.pem")))
                .hasMessageContaining("none.pem")
                .hasMessageContaining("must name a file that this user can read");
        Settings both = load("server.tls.certificate=" + certificate, "server.tls.key=" + key);
        assertThat(both.path("server.tls.key")).isEqualTo(key);
    }
}
