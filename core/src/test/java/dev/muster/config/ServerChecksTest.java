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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ServerChecksTest {
    /// Of a key that protects nothing.
    private static final String CERTIFICATE = """
        -----BEGIN CERTIFICATE-----
        MIIBhTCCASugAwIBAgIUQgHW4lo6QZrgs3Ch38XIUf9z9Q4wCgYIKoZIzj0EAwIw
        FzEVMBMGA1UEAwwMc2hvcC5leGFtcGxlMCAXDTI2MTEyODA3MTMxNVoYDzIxMjYx
        MTA0MDcxMzE1WjAXMRUwEwYDVQQDDAxzaG9wLmV4YW1wbGUwWTATBgcqhkjOPQIB
        BggqhkjOPQMBBwNCAATSdc7edggJSCtgRopKZsFwgrxD6DjedBbwvZiIzYT8Ayds
        dPuuPH2dLugfLA+SR7lygbMar9bIRw+bmihYrGgKo1MwUTAdBgNVHQ4EFgQUj8t/
        0pmt5aP3W8vIyAfHJs5pcmUwHwYDVR0jBBgwFoAUj8t/0pmt5aP3W8vIyAfHJs5p
        cmUwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAhnS/x1KEikuT
        GofMcJh9XKA6ubtq+YdncM4OG6HFTAECIChZ2ZN7296klDx7qA/4PrCzDx6lSMUR
        NgEfIQsuGKqT
        -----END CERTIFICATE-----
        """;

    private static final String KEY = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgh2a5hVfrSH60yn1H
        xujl6uR8bAFZb2lZuN62CQkiEPKhRANCAATSdc7edggJSCtgRopKZsFwgrxD6Dje
        dBbwvZiIzYT8AydsdPuuPH2dLugfLA+SR7lygbMar9bIRw+bmihYrGgK
        -----END PRIVATE KEY-----
        """;

    /// The same.
    private static final String KEY_IN_SEC1 = """
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIIdmuYVX60h+tMp9R8bo5erkfGwBWW9pWbjetgkJIhDyoAoGCCqGSM49
        AwEHoUQDQgAE0nXO3nYICUgrYEaKSmbBcIK8Q+g43nQW8L2YiM2E/AMnbHT7rjx9
        nS7oHywPkke5coGzGq/WyEcPm5ooWKxoCg==
        -----END EC PRIVATE KEY-----
        """;

    private static final String OTHER_KEY = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgG1bVexw4WSIgOqs+
        4u/svqVhnmMnl9pLMCsPJ6TCwBKhRANCAARJF4trvrGXEIaIq+3mCx24VMSrmAGh
        mP7O/HHVxc6IaxO3U9OFcOWTd9qRhVT1htMElLrYspnpYOP42Zcx/t/u
        -----END PRIVATE KEY-----
        """;

    @TempDir
    Path directory;

    private static Settings load(String... sets) {
        return SettingsLoader.load("Shop", null, Map.of(), List.of(sets));
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(directory.resolve(name), text);
    }

    private static String tls(Path certificate, Path key) {
        try {
            Settings _ = load("server.tls.certificate=" + certificate, "server.tls.key=" + key);
            return "";
        } catch (ConfigurationException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void whatCannotBeUsedForTlsIsFoundBeforeTheStart() throws IOException {
        Path certificate = file("cert.pem", CERTIFICATE);
        Path key = file("key.pem", KEY);
        assertThat(tls(certificate, key)).isEmpty();
        assertThat(tls(certificate, file("sec1.pem", KEY_IN_SEC1)))
                .as("an older form")
                .isEmpty();
        assertThat(tls(file("junk.pem", "junk"), key))
                .contains("server.tls.certificate = " + directory.resolve("junk.pem"))
                .contains("must name a PEM file with the certificate");
        assertThat(tls(file("cut.pem", CERTIFICATE.replace("MIIB", "AAAA")), key))
                .contains("must name a PEM file with the certificate");
        assertThat(tls(certificate, file("other.pem", OTHER_KEY)))
                .contains("server.tls.key = " + directory.resolve("other.pem"))
                .contains("with the private key of the first certificate in " + certificate);
        assertThat(tls(certificate, directory.resolve("junk.pem"))).contains("with the private key of the first");
        assertThat(tls(certificate, file("secret.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n")))
                .contains("needs no password")
                .contains("openssl pkey -in " + directory.resolve("secret.pem"));
        assertThat(tls(directory, key)).contains("must name a regular file");
    }

    @ParameterizedTest
    @CsvSource({
        "https://shop.example, https://shop.example",
        "'HTTPS://Shop2.example:443, http://a:80', 'https://shop2.example,http://a'",
        "http://localhost:8080, http://localhost:8080",
        "https://[2001:DB8::1]:443, https://[2001:db8::1]",
        "capacitor://localhost, capacitor://localhost",
        "*, *",
        "null, null",
        "'', ''",
    })
    void anOriginIsKeptAsABrowserWritesIt(String written, String kept) {
        assertThat(load("server.origins=" + written).text("server.origins")).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example/",
                "https://shop.example/path",
                "shop.example",
                "https://*.shop.example",
                "https://shop.example:x",
                "https://",
                "https://a b"
            })
    void anOriginThatNoBrowserWritesIsRefused(String origin) {
        assertThatThrownBy(() -> load("server.origins=" + origin))
                .hasMessageContaining("server.origins = " + origin)
                .hasMessageContaining("without a path and without a / at its end");
    }

    @ParameterizedTest
    @CsvSource({"chat.v1, true", "'chat.v1, x+y', true", "a b, false", "a/b, false", "a;b, false", "ä, false"})
    void aSubProtocolIsAToken(String protocols, boolean legal) {
        if (legal) {
            assertThat(load("server.subProtocols=" + protocols).text("server.subProtocols"))
                    .isEqualTo(protocols.replace(" ", ""));
        } else {
            assertThatThrownBy(() -> load("server.subProtocols=" + protocols))
                    .hasMessageContaining("server.subProtocols = " + protocols)
                    .hasMessageContaining("without blanks and slashes");
        }
    }

    @Test
    void aCertificateNeedsItsKeyAndBothMustBeThere() throws IOException {
        Path certificate = file("cert.pem", CERTIFICATE);
        Path key = file("key.pem", KEY);
        assertThatThrownBy(() -> load("server.tls.certificate=" + certificate))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("needs server.tls.key beside it");
        assertThatThrownBy(() -> load("server.tls.key=" + key))
                .hasMessageContaining("needs server.tls.certificate beside it");
        assertThatThrownBy(() -> load(
                        "server.tls.certificate=" + certificate, "server.tls.key=" + directory.resolve("none.pem")))
                .hasMessageContaining("none.pem")
                .hasMessageContaining("must name a regular file that this user can read");
        Settings both = load("server.tls.certificate=" + certificate, "server.tls.key=" + key);
        assertThat(both.path("server.tls.key")).isEqualTo(key);
    }
}
