package dev.muster.config;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Refuses what would let every web worker fail at its boot.
final class ServerChecks {
    private static final String CERTIFICATE = "server.tls.certificate";
    private static final String KEY = "server.tls.key";

    private ServerChecks() {}

    static void check(Map<String, Entry> values, List<ConfigurationError> errors) {
        Entry certificate = values.get(CERTIFICATE);
        Entry key = values.get(KEY);
        needs(certificate, key, KEY, errors);
        needs(key, certificate, CERTIFICATE, errors);
        if (certificate != null && key != null) {
            TlsFiles.check(certificate, key, errors);
        }
    }

    private static void needs(
            @Nullable Entry given, @Nullable Entry other, String name, List<ConfigurationError> errors) {
        if (given != null && other == null) {
            errors.add(given.error("needs " + name + " beside it: TLS takes a certificate and its private key", ""));
        }
    }
}
