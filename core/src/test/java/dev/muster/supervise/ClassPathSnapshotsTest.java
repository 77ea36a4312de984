package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.control.ExitCode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClassPathSnapshotsTest {
    @TempDir
    private Path directory;

    private Path data;
    private ClassPathSnapshots snapshots;

    @BeforeEach
    void prepare() {
        data = directory.resolve("data");
        snapshots = new ClassPathSnapshots(data, List.of(data));
    }

    @AfterEach
    void release() {
        snapshots.close();
    }

    @Test
    void theCopyKeepsOrderSizeAndTimeAndNotTheOriginalsFate() throws IOException {
        Path b = jar("lib/b.jar", "", "one");
        Path a = jar("lib/a.jar", "", "two");
        Snapshot taken = snapshots.take(b + ":" + a);
        List<Path> copies =
                Stream.of(taken.classPath().split(":", -1)).map(Path::of).toList();
        assertThat(copies).extracting(copy -> copy.getFileName().toString()).containsExactly("b.jar", "a.jar");
        assertThat(copies.getFirst()).hasSameBinaryContentAs(b);
        assertThat(Files.getLastModifiedTime(copies.getFirst())).isEqualTo(Files.getLastModifiedTime(b));
        assertThat(taken.jarsOnly()).isTrue();
        byte[] before = Files.readAllBytes(b);
        Files.writeString(b, "garbage");
        assertThat(copies.getFirst()).hasBinaryContent(before);
    }

    @Test
    void whatAManifestNamesIsFoundFromTheCopy() throws IOException {
        Path beside = jar("app/lib/beside.jar", "../deeper.jar", "one");
        Path deeper = jar("app/deeper.jar", "", "two");
        Path app = jar("app/app.jar", "lib/beside.jar gone.jar", "three");
        Snapshot taken = snapshots.take(app.toString());
        Path copy = Path.of(taken.classPath());
        assertThat(copy.resolveSibling("lib/beside.jar")).hasSameBinaryContentAs(beside);
        assertThat(copy.resolveSibling("deeper.jar")).hasSameBinaryContentAs(deeper);
        assertThat(taken.warnings()).isEmpty();
    }

    @Test
    void anAbsoluteNameInAManifestIsSaidToBeUnprotected() throws IOException {
        Path app = jar("app.jar", jar("other.jar", "", "x").toUri().toString(), "three");
        assertThat(snapshots.take(app.toString()).warnings())
                .singleElement()
                .asString()
                .contains("other.jar")
                .contains("in place");
    }

    @Test
    void directoriesAreCopiedWithoutTheDataOfTheApplication() throws IOException {
        Path classes = Files.createDirectories(directory.resolve("com/acme"))
                .getParent()
                .getParent();
        Files.writeString(classes.resolve("com/acme/A.class"), "a");
        Files.createDirectories(data);
        Files.writeString(data.resolve("queue.db"), "changes all the time");
        Snapshot taken = snapshots.take(classes + ":" + directory.resolve("missing.jar"));
        String[] entries = taken.classPath().split(":", -1);
        assertThat(entries).hasSize(2);
        assertThat(Path.of(entries[0], "com/acme/A.class")).hasContent("a");
        assertThat(Path.of(entries[0], "data")).doesNotExist();
        assertThat(taken.jarsOnly()).isFalse();
    }

    @Test
    void anEmptyDirectoryIsNoHindranceToACache() throws IOException {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThat(snapshots.take(empty.toString()).jarsOnly()).isTrue();
    }

    @Test
    void equalContentIsOneSnapshotAndAnotherTimeOrOrderIsNot() throws IOException {
        Path a = jar("a.jar", "", "one");
        Path b = jar("b.jar", "", "two");
        Snapshot first = snapshots.take(a + ":" + b);
        try (ClassPathSnapshots others = new ClassPathSnapshots(data, List.of(data))) {
            assertThat(others.take(a + ":" + b)).isEqualTo(first);
            assertThat(others.take(b + ":" + a).hash()).isNotEqualTo(first.hash());
            Files.writeString(a, "another");
            assertThat(others.take(a + ":" + b).hash()).isNotEqualTo(first.hash());
        }
        assertThat(Path.of(first.classPath().split(":", 2)[0])).exists();
    }

    @Test
    void whatNobodyUsesGoesButForTheLastOne() throws IOException {
        Path a = jar("a.jar", "", "one");
        Snapshot first = snapshots.take(a.toString());
        Files.writeString(a, "two");
        Snapshot second = snapshots.take(a.toString());
        assertThat(first.directory()).exists();
        assertThat(second.directory()).exists();
        snapshots.release(first);
        assertThat(first.directory()).doesNotExist();
        snapshots.release(second);
        assertThat(second.directory()).exists();
    }

    @Test
    void twoGenerationsWithTheSameContentHoldItOnceEach() throws IOException {
        Path a = jar("a.jar", "", "one");
        Snapshot first = snapshots.take(a.toString());
        Snapshot same = snapshots.take(a.toString());
        assertThat(same).isEqualTo(first);
        snapshots.release(first);
        Files.writeString(a, "two");
        Snapshot other = snapshots.take(a.toString());
        assertThat(other).isNotEqualTo(first);
        assertThat(same.directory()).as("the second still holds it").exists();
        snapshots.release(same);
        assertThat(same.directory()).doesNotExist();
    }

    @Test
    void aDamagedCopyIsMadeAgain() throws IOException {
        Path a = jar("a.jar", "", "one");
        Snapshot first = snapshots.take(a.toString());
        Path copy = Path.of(first.classPath());
        Files.writeString(copy, "short");
        assertThat(snapshots.take(a.toString())).isEqualTo(first);
        assertThat(copy).hasSameBinaryContentAs(a);
    }

    @Test
    void aHalfMadeCopyOfADeadMasterIsInNobodysWay() throws IOException {
        Path a = jar("a.jar", "", "one");
        Files.createDirectories(data.resolve("classpath/.new/files"));
        Files.writeString(data.resolve("classpath/.new/files/x"), "x");
        snapshots.take(a.toString());
        assertThat(data.resolve("classpath/.new")).doesNotExist();
    }

    @Test
    void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
        Path a = jar("a.jar", "", "one");
        Files.createDirectories(data.resolve("classpath"));
        Files.writeString(data.resolve("classpath/.new"), "");
        Files.createDirectories(data.resolve("classpath/lock"));
        assertThatThrownBy(() -> snapshots.take(a.toString()))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CANNOT_WRITE))
                .hasMessageContaining(data.resolve("classpath").toString());
    }

    @Test
    void theClassPathInPlaceHasANameToo() throws IOException {
        Path a = jar("a.jar", "", "one");
        Snapshot inPlace = snapshots.inPlace(a.toString());
        assertThat(inPlace.classPath()).isEqualTo(a.toString());
        assertThat(inPlace.directory()).isNull();
        assertThat(inPlace.hash()).isEqualTo(snapshots.take(a.toString()).hash());
    }

    private Path jar(String name, String classPath, String content) throws IOException {
        Path jar = directory.resolve(name);
        Files.createDirectories(jar.getParent());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (!classPath.isEmpty()) {
            manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath);
        }
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream zip = new JarOutputStream(out, manifest)) {
            zip.putNextEntry(new ZipEntry("content"));
            zip.write(content.getBytes(StandardCharsets.UTF_8));
            zip.closeEntry();
        }
        return jar;
    }
}
