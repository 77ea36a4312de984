package dev.muster.system.start;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Muster;
import dev.muster.console.Main;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `muster run` of something that cannot be run: refused before anything is started, with the exit code of a master.
@Timeout(60)
class UnusableApplicationTest {
    private static final int CONFIGURATION = 78;

    @TempDir
    Path directory;

    @Test
    void whatDoesNotExist() throws Exception {
        assertRefused("does not exist", directory.resolve("nothing.jar").toString());
    }

    @Test
    void aSpringBootFatJar() throws Exception {
        Path jar = directory.resolve("fat.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(Attributes.Name.MAIN_CLASS, "org.springframework.boot.loader.launch.JarLauncher");
        manifest.getMainAttributes().put(new Attributes.Name("Spring-Boot-Classes"), "BOOT-INF/classes/");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream _ = new JarOutputStream(file, manifest)) {
            assertThat(jar).exists();
        }
        assertRefused("Spring Boot fat jar", jar.toString());
    }

    @Test
    void whatDeclaresNothing() throws Exception {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        String name = UnusableApplicationTest.class.getName().replace('.', '/') + "$Empty.class";
        Path target = classes.resolve(name);
        Files.createDirectories(target.getParent());
        try (var bytes = UnusableApplicationTest.class.getClassLoader().getResourceAsStream(name)) {
            assertThat(bytes).isNotNull();
            Files.write(target, bytes.readAllBytes());
        }
        assertRefused("declares no processes", "-cp", classes.toString(), Empty.class.getName());
    }

    private void assertRefused(String because, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dmuster.home="
                        + Path.of("..", "target", "dist").toAbsolutePath().normalize(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName(),
                "run",
                "--run-dir",
                directory.resolve("run").toString()));
        command.addAll(List.of(words));
        Path talk = directory.resolve("stderr");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectError(talk.toFile())
                .start();
        assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                .as("stdout is data")
                .isEmpty();
        assertThat(process.waitFor()).as(() -> read(talk)).isEqualTo(CONFIGURATION);
        assertThat(read(talk)).startsWith("muster: ").contains(because).doesNotContain("\tat ");
        assertThat(directory.resolve("run")).as("nothing was started").doesNotExist();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// An application without a declaration.
    static final class Empty {
        private Empty() {}

        public static void main(String[] args) {
            Muster.run(Empty.class, args);
        }
    }
}
