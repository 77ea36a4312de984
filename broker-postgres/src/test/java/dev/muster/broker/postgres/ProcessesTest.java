package dev.muster.broker.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy.Terms;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.OnCrash;
import dev.muster.testkit.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// One queue and several real processes, some of which are killed.
@Timeout(180)
class ProcessesTest {
    private static final String QUEUE = "load";
    private static final long SEED = 20_261_101L;

    @TempDir
    Path directory;

    private final List<Process> processes = new ArrayList<>();
    private TestPostgres database;
    private Broker broker;

    @BeforeEach
    void create() {
        database = TestPostgres.create();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
        if (broker != null) {
            broker.close();
        }
        database.close();
        assertThat(processes).noneMatch(Process::isAlive);
    }

    private void open() {
        broker = PostgresBroker.open(Databases.url(database, ""), "test", 1 << 20);
    }

    private Process start(String... what) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                QueueProcess.class.getName(),
                Databases.url(database, "")));
        command.addAll(List.of(what));
        Process process = new ProcessBuilder(command)
                .redirectError(directory.resolve("stderr-" + processes.size()).toFile())
                .start();
        processes.add(process);
        return process;
    }

    private String stderr() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < processes.size(); i++) {
            text.append(Files.readString(directory.resolve("stderr-" + i)));
        }
        return text.toString();
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    /// SIGKILL, leaving what it has written to be read.
    private static void kill(Process process) {
        assertThat(process.toHandle().destroyForcibly()).isTrue();
    }

    private QueueCounts counts() {
        return broker.counts().getOrDefault(QUEUE, new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void manyProcessesOpenAtOnceAndSayNothing() throws Exception {
        for (int i = 0; i < 6; i++) {
            Process _ = start("open");
        }
        for (Process process : processes) {
            assertThat(output(process).readLine()).as(stderr()).startsWith("opened ");
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
        }
        assertThat(stderr()).doesNotContainIgnoringCase("warn").doesNotContain("ERROR");
    }

    @Test
    void everyIdThatAKilledEnqueuerPrintedIsFound() throws Exception {
        open();
        Random random = new Random(SEED);
        Set<String> printed = new HashSet<>();
        for (int i = 0; i < 5; i++) {
            Process enqueuer = start("enqueue");
            BufferedReader output = output(enqueuer);
            int before = 20 + random.nextInt(200);
            String line = output.readLine();
            for (int n = 0; line != null; n++) {
                Collections.addAll(printed, line.split(" "));
                if (n == before) {
                    kill(enqueuer);
                }
                line = output.readLine();
            }
            assertThat(enqueuer.waitFor()).isEqualTo(137);
        }

        assertThat(printed).hasSizeGreaterThan(300);
        assertThat(printed).allMatch(id -> broker.find(id).isPresent());
        assertThat(counts().accepted()).isGreaterThanOrEqualTo(printed.size());
        assertThat(counts().ready()).isEqualTo(counts().accepted());
    }

    /// Ten processes that claim, finish, fail and give back are killed at random moments, beside one that lives.
    @Test
    void nothingIsLostAndNothingIsHadTwiceWhenClaimersAreKilled() throws Exception {
        int total = 20_000;
        open();
        Random random = new Random(SEED);
        for (int i = 0; i < total; i += 1000) {
            broker.enqueue(Collections.nCopies(1000, NewTask.of(QUEUE, "{\"task\":\"noop\"}")));
        }
        Process living = start("churn", "living");
        Map<String, Integer> done = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            String owner = "killed-" + i;
            Process process = start("churn", owner);
            BufferedReader output = output(process);
            assertThat(output.readLine()).as(stderr()).isEqualTo("ready");
            long pause = TimeUnit.MICROSECONDS.toNanos(random.nextInt(300_000));
            Thread killer = Thread.ofPlatform().start(() -> {
                LockSupport.parkNanos(pause);
                kill(process);
            });
            output.lines().forEach(line -> note(done, line));
            killer.join();
            process.waitFor();

            int requeued = broker.reclaim(dead(owner), _ -> new Terms(OnCrash.RETRY, null, java.time.Duration.ZERO))
                    .requeued();
            assertThat(requeued).isLessThanOrEqualTo(16);
            QueueCounts n = counts();
            assertThat(n.ready() + n.running() + n.done())
                    .as("seed %s, round %s, %s", SEED, i, n)
                    .isEqualTo(total);
        }
        kill(living);
        output(living).lines().skip(1).forEach(line -> note(done, line));
        living.waitFor();
        broker.reclaim(dead("living"), _ -> new Terms(OnCrash.RETRY, null, java.time.Duration.ZERO));
        assertThat(broker.owners()).isEmpty();

        assertThat(done).isNotEmpty();
        assertThat(done.values()).allMatch(times -> times == 1, "settled once");
        assertThat(done.keySet()).noneMatch(id -> broker.find(id).isPresent());
        // A process that is killed between storing and printing has stored more than it printed: one batch at most.
        assertThat(counts().done()).isBetween((long) done.size(), done.size() + 11 * 8L);
        for (List<Claim> claims = broker.claim(QUEUE, "test", 1000);
                !claims.isEmpty();
                claims = broker.claim(QUEUE, "test", 1000)) {
            broker.settle(claims.stream().<Outcome>map(Outcome.Done::new).toList());
        }
        assertThat(counts()).satisfies(n -> assertThat(n.done()).isEqualTo(total));
    }

    private static DeadWorker dead(String owner) {
        return new DeadWorker(owner, QUEUE, Verdict.CRASH, "", List.of(), true, "SIGNAL 9", "");
    }

    private static void note(Map<String, Integer> done, String line) {
        Arrays.stream(line.split(" ")).filter(id -> id.length() == 26).forEach(id -> done.merge(id, 1, Integer::sum));
    }
}
