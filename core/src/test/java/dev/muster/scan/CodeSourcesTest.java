package dev.muster.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CodeSourcesTest {
    private static final String TICKER = "@UserProcess class Ticker { public void run() {} }";

    @TempDir
    Path directory;

    @Test
    void aJarIsReadLikeADirectory() throws Exception {
        Path jar = jar("app.jar", classes(TICKER));
        assertThat(names(jar)).containsExactly("Ticker");
    }

    @Test
    void severalPlacesAreOneApplication() throws Exception {
        Path library = jar("library.jar", classes("public abstract class Base extends WorkerPool {}"));
        Path application = Files.createDirectories(directory.resolve("application"));
        Sources.compile(
                directory.resolve("classes"),
                "public abstract class Base extends WorkerPool {}",
                "@Pool class Mail extends Base {}");
        Files.createDirectories(application.resolve("app"));
        Files.copy(directory.resolve("classes/app/Mail.class"), application.resolve("app/Mail.class"));
        assertThat(names(application, library)).containsExactly("Mail");
        assertThat(errors(application))
                .singleElement()
                .asString()
                .contains("(if app.Base has it: name its jar in app.scan)");
    }

    @Test
    void theSameClassInTwoPlacesCountsOnce() throws Exception {
        Path jar = jar("app.jar", classes(TICKER));
        assertThat(names(jar, jar("copy.jar", classes(TICKER)), jar)).containsExactly("Ticker");
    }

    @Test
    void versionsForOtherJavasAreNotReadTwice() throws Exception {
        Map<String, byte[]> classes = classes(TICKER);
        classes.put("META-INF/versions/21/app/Ticker.class", classes.get("app/Ticker.class"));
        assertThat(names(jar("app.jar", classes))).containsExactly("Ticker");
    }

    @Test
    void aPlaceThatDoesNotExist() {
        assertThat(errors(directory.resolve("no.jar")))
                .containsExactly(directory + "/no.jar: the jar or directory to scan does not exist; correct the path");
    }

    @Test
    void aFileThatIsNoJar() throws IOException {
        Path file = Files.writeString(directory.resolve("a.txt"), "hello", StandardCharsets.UTF_8);
        assertThat(errors(file))
                .singleElement()
                .asString()
                .startsWith(file + ": the file is not a jar (")
                .endsWith("build it again");
        Path empty = Files.write(directory.resolve("empty.jar"), new byte[0]);
        assertThat(errors(empty)).singleElement().asString().contains("is not a jar");
    }

    @Test
    void aSpringBootJarIsRefused() throws Exception {
        String sentence =
                "a Spring Boot fat jar is not supported; run the plain jar of the application with its libraries"
                        + " on the class path";
        Path byEntry = jar("boot.jar", new TreeMap<>(Map.of("BOOT-INF/classes/app/A.class", new byte[0])));
        assertThat(errors(byEntry)).containsExactly(byEntry + ": " + sentence);
        byte[] manifest =
                "Manifest-Version: 1.0\nSpring-Boot-Classes: WEB-INF/classes/\n".getBytes(StandardCharsets.UTF_8);
        Path byManifest = jar("war.jar", new TreeMap<>(Map.of("META-INF/MANIFEST.MF", manifest)));
        assertThat(errors(byManifest)).containsExactly(byManifest + ": " + sentence);
    }

    @Test
    void aClassForANewerJavaIsNamed() throws Exception {
        Map<String, byte[]> classes = classes(TICKER);
        byte[] bytes = classes.get("app/Ticker.class");
        bytes[7] = (byte) (bytes[7] + 5);
        Path jar = jar("new.jar", classes);
        int here = Runtime.version().feature();
        assertThat(errors(jar))
                .containsExactly("app/Ticker.class in " + jar + ": the class was compiled for Java " + (here + 5)
                        + ", this virtual machine is Java " + here + "; compile it with --release " + here);
    }

    @Test
    void anyDamageIsAnErrorOrGoesUnnoticedButNeverCrashes() throws Exception {
        Path classes = Sources.compile(Files.createDirectories(directory.resolve("cut")), TICKER);
        Path file = classes.resolve("app/Ticker.class");
        byte[] whole = Files.readAllBytes(file);
        int refused = 0;
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            refused += refusals(classes, file);
            byte[] flipped = whole.clone();
            flipped[length] ^= (byte) 0xFF;
            Files.write(file, flipped);
            refused += refusals(classes, file);
        }
        assertThat(refused).isGreaterThan(100);
    }

    /// 1 if the scan named the file in an error, 0 if it saw nothing wrong; anything else is thrown.
    private static int refusals(Path classes, Path file) {
        try {
            return Scanner.scan("app.Main", List.of(classes)).processes().size() > 1 ? 1 : 0;
        } catch (DeclarationException e) {
            assertThat(e.errors())
                    .allSatisfy(error -> assertThat(error)
                            .containsAnyOf(
                                    "app/Ticker.class in " + file.getParent().getParent(), "@UserProcess"));
            return 1;
        }
    }

    private Map<String, byte[]> classes(String source) throws Exception {
        Path compiled = Sources.compile(Files.createTempDirectory(directory, "classes"), source);
        Map<String, byte[]> classes = new TreeMap<>();
        try (Stream<Path> files = Files.walk(compiled)) {
            files.filter(Files::isRegularFile)
                    .forEach(file -> classes.put(compiled.relativize(file).toString(), read(file)));
        }
        return classes;
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path jar(String name, Map<String, byte[]> entries) throws IOException {
        Path jar = directory.resolve(name);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out)) {
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return jar;
    }

    private static List<String> names(Path... places) {
        return Scanner.scan("app.Main", List.of(places)).processes().stream()
                .map(Declaration::name)
                .toList();
    }

    private static List<String> errors(Path... places) {
        return catchThrowableOfType(DeclarationException.class, () -> Scanner.scan("app.Main", List.of(places)))
                .errors();
    }
}
