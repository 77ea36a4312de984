package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class ApplicationTest {
    @TempDir
    Path directory;

    @Test
    void aJarWithItsManifest() throws IOException {
        Path library = jar("lib/more stuff.jar", Map.of(), "x/Other.class");
        Path jar = jar(
                "app.jar", Map.of("Main-Class", "a.App", "Class-Path", "lib/more%20stuff.jar gone.jar"), "a/App.class");

        Application application = Application.named(jar.toString());

        assertThat(application).isEqualTo(new Application("a.App", List.of(jar, library), jar, false));
        assertThat(application.simpleName()).isEqualTo("App");
    }

    @Test
    void aClassPathWithDirectoriesAndAWildcard() throws IOException {
        Path first = jar("libs/one.jar", Map.of(), "b/B.class");
        Path second = jar("libs/two.jar", Map.of(), "a/App.class");
        Path classes = Files.createDirectories(directory.resolve("classes"));

        Application application = Application.ofClassPath(classes + ":" + directory.resolve("libs") + "/*", "a.App");

        assertThat(application).isEqualTo(new Application("a.App", List.of(classes, first, second), second, false));
    }

    @Test
    void whatCannotBeRunIsAConfigurationError() throws IOException {
        refused(directory.resolve("none.jar").toString(), "does not exist");
        refused(Files.writeString(directory.resolve("text.jar"), "text").toString(), "is not a jar");
        refused(jar("plain.jar", Map.of(), "a/App.class").toString(), "has no Main-Class");
        refused(jar("wrong.jar", Map.of("Main-Class", "a.Gone"), "a/App.class").toString(), "no a/Gone.class");
        refused(
                jar(
                                "fat.jar",
                                Map.of("Main-Class", "org.springframework.boot.loader.launch.JarLauncher"),
                                "a/App.class")
                        .toString(),
                "Spring Boot fat jar");
        refused(
                jar("fat2.jar", Map.of("Main-Class", "a.App", "Start-Class", "a.App"), "a/App.class")
                        .toString(),
                "Spring Boot fat jar");
        assertThatThrownBy(() -> Application.ofClassPath("/nonexistent/x.jar", "a.App"))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.exitCode()).isEqualTo(78))
                .hasMessageContaining("/nonexistent/x.jar does not exist");
    }

    @Test
    void aProviderAnywhereOnTheClassPathCounts() throws IOException {
        Path provider = jar("logging.jar", Map.of(), "META-INF/services/org.slf4j.spi.SLF4JServiceProvider");
        Path jar = jar("app.jar", Map.of("Main-Class", "a.App"), "a/App.class");

        assertThat(Application.ofClassPath(jar + ":" + provider, "a.App").bringsLogging())
                .isTrue();
        assertThat(Application.named(jar.toString()).bringsLogging()).isFalse();
    }

    private static void refused(String app, String why) {
        assertThatThrownBy(() -> Application.named(app))
                .isInstanceOfSatisfying(
                        Refusal.class, e -> assertThat(e.exitCode()).isEqualTo(78))
                .hasMessageContaining(why);
    }

    private Path jar(String name, Map<String, String> attributes, String entry) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.forEach(manifest.getMainAttributes()::putValue);
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new JarEntry(entry));
        }
        return file;
    }
}
