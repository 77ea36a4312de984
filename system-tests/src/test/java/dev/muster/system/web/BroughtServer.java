package dev.muster.system.web;

import dev.muster.system.apps.JettyApp;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import dev.muster.web.WebServerProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// An application whose jar brings the servers of its web workers.
final class BroughtServer {
    private BroughtServer() {}

    /// @param servers the simple names of their classes, each with a nested `Provider`
    static RunningApp in(Path directory, String... servers) {
        RunningApp app = RunningApp.ofJar(JettyApp.class.getName(), directory);
        String pack = JettyApp.class.getPackageName();
        StringBuilder providers = new StringBuilder();
        Set<String> wanted = new HashSet<>(Set.of("JettyApp", "Ledger"));
        for (String server : servers) {
            wanted.add(server);
            providers.append(pack).append('.').append(server).append("$Provider\n");
        }
        try (OutputStream file = Files.newOutputStream(app.jar());
                ZipOutputStream zip = new ZipOutputStream(file)) {
            Path classes = classes().resolve(pack.replace('.', '/'));
            try (var all = Files.newDirectoryStream(classes, "*.class")) {
                for (Path each : all) {
                    String name = each.getFileName().toString();
                    if (wanted.contains(
                            name.substring(0, name.length() - ".class".length()).split("\\$", 2)[0])) {
                        zip.putNextEntry(new ZipEntry(pack.replace('.', '/') + "/" + name));
                        zip.write(Files.readAllBytes(each));
                    }
                }
            }
            zip.putNextEntry(new ZipEntry("META-INF/services/" + WebServerProvider.class.getName()));
            zip.write(providers.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return app;
    }

    private static Path classes() {
        try {
            return Path.of(Ledger.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
