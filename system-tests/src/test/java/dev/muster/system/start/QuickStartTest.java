package dev.muster.system.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Working;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The caches that an application makes for itself while it runs.
@Timeout(900)
class QuickStartTest {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final String MADE = "made a cache for quick starts";

    @TempDir
    Path directory;

    @Test
    @Tag("long")
    void theNextProcessAndTheNextStartUseTheCache() throws IOException {
        try (RunningApp app = app().start()) {
            assertThat(mapped(app)).as("there is none yet").isFalse();
            awaitMade(app, 1);
            replace(app);
            assertThat(mapped(app)).isTrue();
            works(app);
        }
        Path cache = caches().getFirst();
        try (RunningApp app = app().start()) {
            assertThat(mapped(app)).as("from the first process on").isTrue();
            works(app);
            replace(app);
            assertThat(mapped(app)).isTrue();
            assertThat(app.output().split(MADE, -1)).as("made once").hasSize(2);
        }
        assertThat(caches()).containsExactly(cache);
    }

    @Tag("long")
    @Test
    void aClassPathThatChangedHasAnotherCache() throws IOException {
        try (RunningApp app = app().start()) {
            awaitMade(app, 1);
        }
        Path first = caches().getFirst();
        Path jar = directory.resolve("app.jar");
        Files.setLastModifiedTime(
                jar, FileTime.fromMillis(Files.getLastModifiedTime(jar).toMillis() - 10_000));
        try (RunningApp app = app().start()) {
            assertThat(mapped(app)).as("not with the old one").isFalse();
            awaitMade(app, 2);
            assertThat(caches()).hasSize(2);
            replace(app);
            assertThat(mapped(app)).isTrue();
            assertThat(maps(app.pid("task"))).doesNotContain(first.toString());
            works(app);
        }
    }

    @Tag("long")
    @Test
    void aDamagedCacheIsNotUsedAndMadeAgain() throws IOException {
        try (RunningApp app = app().start()) {
            awaitMade(app, 1);
        }
        Path cache = caches().getFirst();
        try (RandomAccessFile file = new RandomAccessFile(cache.toFile(), "rw")) {
            file.seek(file.length() / 2);
            file.write(new byte[4_096]);
        }
        try (RunningApp app = app().start()) {
            assertThat(mapped(app)).isFalse();
            works(app);
            awaitMade(app, 2);
            replace(app);
            assertThat(mapped(app)).isTrue();
        }
    }

    @Tag("long")
    @Test
    void aCacheThatIsCutWhileTheApplicationRunsStopsNoStart() throws IOException {
        try (RunningApp app = app().start()) {
            awaitMade(app, 1);
            try (RandomAccessFile file =
                    new RandomAccessFile(caches().getFirst().toFile(), "rw")) {
                file.setLength(file.length() / 2);
            }
            replace(app);
            assertThat(mapped(app)).isFalse();
            works(app);
            assertThat(app.output()).doesNotContain("[cds]").doesNotContain("[aot]");
        }
    }

    @Tag("long")
    @Test
    void recordersThatAreKilledLeaveACacheAndNothingElse() throws IOException {
        try (RunningApp app = app().set("aot.delay", "3s").start()) {
            replace(app);
            replace(app);
            awaitMade(app, 1);
            replace(app);
            assertThat(mapped(app)).isTrue();
        }
        assertThat(directory.resolve("run/classes")).doesNotExist();
        assertThat(leftUnfinished()).isEmpty();
    }

    @Tag("long")
    @Test
    void aMasterThatIsKilledWhileACacheIsMadeLeavesNoProcess() {
        try (RunningApp app = app().start()) {
            Patience.await("the maker")
                    .atMost(LONG)
                    .until(() -> !leftUnfinished().isEmpty());
            app.signal("KILL", app.masterPid());
            app.awaitNoProcess(Duration.ofSeconds(10));
            app.start();
            awaitMade(app, 1);
        }
        assertThat(leftUnfinished()).isEmpty();
        assertThat(caches()).hasSize(1);
    }

    @Tag("long")
    @Test
    void twoMastersShareOne() throws IOException {
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        RunningApp second = RunningApp.of(Working.class, elsewhere)
                .packed(Ledger.class)
                .jar(directory.resolve("app.jar"))
                .set("aot.delay", "300ms")
                .set("tasks.workers", "1")
                .set("aot.dir", directory.resolve("data/aot").toString());
        try (RunningApp app = app().start();
                second) {
            second.start();
            awaitMade(app, 1);
            awaitMade(second, 1);
            replace(app);
            replace(second);
            assertThat(mapped(app)).isTrue();
            assertThat(mapped(second)).isTrue();
            assertThat(caches()).hasSize(1);
            assertThat(leftUnfinished()).isEmpty();
        }
    }

    @Test
    void withoutJarsItSaysWhyThereIsNone() throws IOException {
        Path classes = directory.resolve("classes");
        for (Class<?> type : List.of(Working.class, Ledger.class)) {
            copy(type, classes);
        }
        try (RunningApp app = app().jar(classes).start()) {
            app.awaitOutput("task processes start without a cache: the class path has a directory of classes");
            works(app);
        }
        assertThat(caches()).isEmpty();
    }

    /// With all that are nested in it.
    private static void copy(Class<?> type, Path root) throws IOException {
        String name = type.getPackageName().replace('.', '/');
        Path target = Files.createDirectories(root.resolve(name));
        Path source = Path.of(URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .resolve(name);
        try (var files = Files.newDirectoryStream(source, type.getSimpleName() + "{,$*}.class")) {
            for (Path file : files) {
                Path _ = Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }

    private RunningApp app() {
        return RunningApp.of(Working.class, directory)
                .packed(Ledger.class)
                .set("aot.delay", "300ms")
                .set("tasks.workers", "1");
    }

    /// The maker works only when nobody else wants the processor.
    private static void awaitMade(RunningApp app, int times) {
        Patience.await("cache " + times).atMost(LONG).until(() -> app.output().split(MADE, -1).length > times);
    }

    private static void replace(RunningApp app) {
        app.awaitReplaced("task", app.kill9("task"));
    }

    private static void works(RunningApp app) {
        try (TaskQueue queue = TaskQueue.of(app)) {
            long before = queue.counts().done();
            String id = queue.call("note", "\"works\"");
            Patience.await(id).until(() -> queue.counts().done() > before);
        }
    }

    private boolean mapped(RunningApp app) throws IOException {
        return maps(app.pid("task")).contains(directory.resolve("data/aot").toString());
    }

    private static String maps(long pid) throws IOException {
        return Files.readString(Path.of("/proc/" + pid + "/maps"));
    }

    private List<Path> caches() {
        return aot().filter(file -> file.toString().endsWith(".jsa")).toList();
    }

    private List<Path> leftUnfinished() {
        return aot().filter(file -> file.getFileName().toString().startsWith(".new"))
                .toList();
    }

    private Stream<Path> aot() {
        Path place = directory.resolve("data/aot");
        if (!Files.isDirectory(place)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
