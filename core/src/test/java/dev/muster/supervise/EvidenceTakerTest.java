package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.os.Fd;
import dev.muster.os.Identity;
import dev.muster.os.ProcFs;
import dev.muster.os.Signals;
import dev.muster.os.SpawnRequest;
import dev.muster.os.Spawner;
import dev.muster.os.Wait;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// With real virtual machines that hang in several ways.
@Timeout(60)
@ResourceLock("threads of logs")
class EvidenceTakerTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration BUDGET = Duration.ofSeconds(10);
    private static final DumpAsker NOBODY = _ -> CompletableFuture.completedFuture(false);

    @TempDir
    private Path directory;

    private final EvidenceTaker taker = new EvidenceTaker();
    private final List<Integer> spawned = new ArrayList<>();
    private LogFiles files;
    private LogPump pump;
    private Path dumps;
    private Dumps kept;

    @BeforeEach
    void open() {
        dumps = directory.resolve("dumps");
        kept = new Dumps(dumps, 50, 64 << 20);
        files = new LogFiles(directory, "app", 64 << 20, 1, null);
        files.start();
        pump = new LogPump(files);
        pump.start();
    }

    @AfterEach
    void close() {
        for (int pid : spawned) {
            boolean _ = Signals.send(pid, Signals.KILL);
            await().atMost(LONG).until(() -> Wait.tryReap(pid).isPresent());
        }
        pump.close();
        files.close();
        assertThat(spawned).allMatch(pid -> Identity.of(pid).isEmpty());
    }

    @Test
    void anEndlessLoopIsSeenInItsDump() throws IOException {
        int pid = spawn(Loop.class);
        EvidenceTaker.Taken taken = taker.dump(request(pid, "Ticker#2", BUDGET, NOBODY));
        assertThat(taken.answered()).isTrue();
        assertThat(taken.problem()).isEmpty();
        assertThat(dumps.relativize(taken.file()).toString()).matches("Ticker#2-1-\\d{8}T\\d{9}Z\\.txt");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(taken.file())))
                .isEqualTo("rw-------");
        String text = Files.readString(taken.file());
        assertThat(text)
                .containsSubsequence(
                        "Ticker#2 (slot 1, life 1, pid " + pid + ")",
                        "why    hangs in a test",
                        "process " + pid,
                        "thread dump",
                        "Full thread dump",
                        Loop.class.getName() + ".main",
                        "JNI global refs",
                        "Heap",
                        "last lines of its log",
                        "stdout - going");
        assertThat(files.flush(LONG)).isTrue();
        assertThat(Files.readString(directory.resolve("app.log")))
                .doesNotContain("Full thread dump")
                .doesNotContain("Heap");
        assertThat(ProcFs.stat(pid)).isPresent();
    }

    @Test
    void aDeadlockIsNamed() throws IOException {
        int pid = spawn(Deadlock.class);
        assertThat(read(taker.take(request(pid, "Ticker", BUDGET, NOBODY))))
                .containsSubsequence("JNI global refs", "Found one Java-level deadlock", "Heap", "last lines");
    }

    @Test
    void aStoppedProcessIsNotWaitedFor() throws IOException {
        int pid = spawn(Loop.class);
        assertThat(Signals.send(pid, Signals.STOP)).isTrue();
        await().atMost(LONG).until(() -> ProcFs.stat(pid).orElseThrow().state() == 'T');
        long start = System.nanoTime();
        EvidenceTaker.Taken taken = taker.dump(request(pid, "Ticker", BUDGET, _ -> new CompletableFuture<>()));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(BUDGET.dividedBy(2));
        assertThat(taken.answered()).isFalse();
        assertThat(taken.problem()).contains("stopped (state T)");
        assertThat(read(taken.file())).containsSubsequence("stopped by a signal", "no thread dump: ", "stdout - going");
        assertThat(ProcFs.evidence(pid)).as("no signal waits for it").contains("ShdPnd: 0000000000000000");
    }

    @Test
    void aProcessThatHasNotSpokenIsNotSignalled() throws IOException {
        int pid = spawn(Loop.class);
        EvidenceRequest spoken = request(pid, "Ticker", BUDGET, NOBODY);
        EvidenceTaker.Taken taken = taker.dump(new EvidenceRequest(
                1, 1, "Ticker", pid, "boots too long", false, false, BUDGET, kept, pump, spoken.asker()));
        assertThat(taken.problem()).contains("has not said hello");
        assertThat(read(taken.file())).doesNotContain("Full thread dump");
    }

    @Test
    void aVirtualMachineWithoutTheHandlerIsNotKilledByTheQuestion() {
        int pid = spawn(Loop.class, "-Xrs");
        EvidenceTaker.Taken taken = taker.dump(request(pid, "Ticker", Duration.ofMillis(300), NOBODY));
        assertThat(taken.answered()).isFalse();
        assertThat(taken.file()).isNotNull();
        assertThat(Wait.tryReap(pid)).isEmpty();
    }

    @Test
    void theDumpThatTheProcessWritesIsKeptBeside() throws IOException {
        int pid = spawn(Loop.class);
        EvidenceTaker.Taken taken = taker.dump(request(pid, "Ticker", BUDGET, file -> {
            assertThat(file).isAbsolute().doesNotExist();
            return CompletableFuture.supplyAsync(() -> written(file));
        }));
        Path json = dumps.resolve(taken.file().getFileName().toString().replace(".txt", ".json"));
        assertThat(read(taken.file()))
                .contains("thread dump with virtual threads: " + json)
                .contains("Full thread dump");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(json)))
                .isEqualTo("rw-------");
    }

    @Test
    void theBudgetBoundsASilentProcess() throws IOException {
        int pid = spawn(Loop.class, "-Xrs");
        long start = System.nanoTime();
        EvidenceTaker.Taken taken =
                taker.dump(request(pid, "Ticker", Duration.ofMillis(300), _ -> new CompletableFuture<>()));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(300), Duration.ofSeconds(3));
        assertThat(taken.problem()).isEqualTo("it did not answer within 300 ms");
        assertThat(read(taken.file())).contains("no thread dump: it did not answer within 300 ms");
    }

    @Test
    void onlyAChildIsSignalled() {
        EvidenceTaker.Taken taken =
                taker.dump(request((int) ProcessHandle.current().pid(), "Ticker", BUDGET, NOBODY));
        assertThat(taken.problem()).contains("is not a child");
        assertThat(taker.dump(request(Integer.MAX_VALUE, "Ticker", BUDGET, NOBODY))
                        .problem())
                .contains("has ended");
    }

    @Test
    void whatCannotBeWrittenIsNoFailure() throws IOException {
        Files.writeString(dumps, "a file where the directory should be");
        int pid = spawn(Loop.class);
        assertThat(taker.take(request(pid, "Ticker", BUDGET, NOBODY))).isNull();
        assertThat(taker.dump(request(pid, "Ticker", BUDGET, _ -> {
                            throw new IllegalStateException("connection closed");
                        }))
                        .answered())
                .isTrue();
    }

    @Test
    void whatNobodyReadsIsAskedForOverTheAttachSocket() {
        int pid = spawn(Loop.class);
        String dump = RawAttach.threadDump(pid, System.nanoTime() + LONG.toNanos());
        assertThat(dump).startsWith("20").contains("Full thread dump").contains(Loop.class.getName() + ".main");
        assertThat(RawAttach.threadDump(pid, System.nanoTime() + LONG.toNanos()))
                .as("once more, with the socket open")
                .contains(Loop.class.getName() + ".main");
        assertThat(Path.of("/tmp/.attach_pid" + pid)).doesNotExist();
        assertThat(Signals.send(pid, Signals.STOP)).isTrue();
        long start = System.nanoTime();
        assertThat(RawAttach.threadDump(pid, start + 300_000_000L)).isEmpty();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aMachineWhoseOutputGoesElsewhereStillGivesItsDump() throws IOException {
        int pid = spawn(Elsewhere.class);
        EvidenceTaker.Taken taken = taker.dump(request(pid, "Ticker", BUDGET, NOBODY));
        assertThat(taken.answered()).isTrue();
        assertThat(read(taken.file())).containsSubsequence("thread dump", Elsewhere.class.getName() + ".main");
    }

    @Test
    void onlyItsOwnLinesAreKept() {
        List<String> lines = List.of(
                "\tat left.over(From.java)",
                "2026-11-23T12:00:00.123Z INFO Ticker[12] stdout - going",
                "2026-11-23T12:00:00.123Z ERROR Ticker[12] a.b - failed",
                "\tat x.y(Z.java)",
                "2026-11-23T12:00:00.124Z INFO Ticker[123] stdout - [12] not",
                "\tat of.another(One.java)",
                "2026-11-23T12:00:00.125Z WARN Ticker[12] stderr - end");
        assertThat(EvidenceTaker.of(12, lines))
                .containsExactly(lines.get(1), lines.get(2), lines.get(3), lines.getLast());
    }

    @Test
    void theLastLinesOfManySlotsTakeABoundedAmountOfMemory() {
        int[] slots = {1};
        EvidenceTaker.LastLines tail = new EvidenceTaker.LastLines(() -> slots[0]);
        byte[] line = "x".repeat(999).getBytes(UTF_8);
        for (int i = 0; i < 500; i++) {
            tail.add(line, 0, line.length);
        }
        assertThat(tail.text(200)).hasSize(131);
        slots[0] = 1_000;
        tail.add("the last".getBytes(UTF_8), 0, 8);
        assertThat(tail.text(200)).hasSize(5).last().isEqualTo("the last");
    }

    private EvidenceRequest request(int pid, String name, Duration budget, DumpAsker asker) {
        return new EvidenceRequest(1, 1, name, pid, "hangs in a test", false, true, budget, kept, pump, asker);
    }

    private static String read(Path file) throws IOException {
        assertThat(file).isNotNull();
        return Files.readString(file, UTF_8);
    }

    private static boolean written(Path file) {
        try {
            Files.writeString(file, "{}");
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A virtual machine as the master starts them; returns when its program has printed its first line.
    private int spawn(Class<?> program, String... options) {
        int[] out = Fd.pipe();
        int[] err = Fd.pipe();
        List<String> argv = new ArrayList<>(List.of(
                "java", "-Xmx16m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+DisplayVMOutputToStderr"));
        argv.addAll(List.of(options));
        String classes =
                program.getProtectionDomain().getCodeSource().getLocation().getPath();
        argv.addAll(List.of("-cp", classes, program.getName()));
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        int pid = Spawner.spawn(
                new SpawnRequest(java, argv, Map.of(), directory.toAbsolutePath(), out[1], err[1], false));
        spawned.add(pid);
        Fd.close(out[1]);
        Fd.close(err[1]);
        pump.attach(1, 1, "Ticker", pid, "", out[0], err[0]);
        await().atMost(LONG).until(() -> pump.tail(1, 1).stream().anyMatch(line -> line.endsWith("going")));
        return pid;
    }

    /// Never ends.
    static final class Loop {
        static volatile int seen;

        private Loop() {}

        public static void main(String[] args) {
            System.out.println("going");
            spin();
        }

        static void spin() {
            for (int i = 0; ; i++) {
                seen = i;
            }
        }
    }

    /// Never ends, and closes what the master reads.
    static final class Elsewhere {
        private Elsewhere() {}

        public static void main(String[] args) throws IOException {
            System.out.println("going");
            System.out.close();
            new FileOutputStream(FileDescriptor.out).close();
            new FileOutputStream(FileDescriptor.err).close();
            Loop.spin();
        }
    }

    /// Two threads, each of which waits for the other.
    static final class Deadlock {
        private Deadlock() {}

        public static void main(String[] args) throws InterruptedException {
            Object first = new Object();
            Object second = new Object();
            Thread other = Thread.ofPlatform().unstarted(() -> {
                synchronized (second) {
                    blockOn(first);
                }
            });
            synchronized (first) {
                other.start();
                while (other.getState() != Thread.State.BLOCKED) {
                    Thread.onSpinWait();
                }
                System.out.println("going");
                blockOn(second);
            }
        }

        private static void blockOn(Object lock) {
            synchronized (lock) {
                throw new IllegalStateException("there is no deadlock");
            }
        }
    }
}
