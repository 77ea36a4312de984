package dev.muster.broker.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.config.Settings;
import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.BrokerException;
import dev.muster.task.Brokers;
import dev.muster.task.DeadReason;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Files and disks that are not as they should be.
@Timeout(60)
class OpeningTest {
    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("queue.db");
    }

    private Broker open(Path file) {
        return SqliteBroker.open(file, directory.resolve("native"), Durability.POWER, 1 << 20);
    }

    private void sql(String... statements) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static void enqueue(Broker broker, int count) {
        broker.enqueue(Collections.nCopies(count, NewTask.of("q", "{\"task\":\"t\"}")));
    }

    @Test
    void keepsWhatItHasOverAClose() {
        try (Broker broker = open(file())) {
            enqueue(broker, 3);
        }
        try (Broker broker = open(file())) {
            assertThat(broker.counts().get("q").ready()).isEqualTo(3);
            assertThat(broker.durability()).isEqualTo("power");
        }
    }

    /// Whoever has it open would else go on with a file that nobody else can see.
    @Test
    void aFileThatIsRemovedOrReplacedIsNotUsedAnyMore() throws Exception {
        try (Broker worker = open(file())) {
            enqueue(worker, 3);
            for (String name : List.of("queue.db", "queue.db-wal", "queue.db-shm", "queue.db-turn")) {
                Files.deleteIfExists(directory.resolve(name));
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> worker.counts().isEmpty());
            enqueue(worker, 1);
            try (Broker producer = open(file())) {
                assertThat(producer.counts().get("q").ready()).isEqualTo(1);
                enqueue(producer, 1);
            }
            assertThat(worker.claim("q", "w", 10)).hasSize(2);
        }
        assertThat(Files.getPosixFilePermissions(file())).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void aMistypedAddressMakesNoDirectory() {
        Path nowhere = directory.resolve("nowhere");

        assertThatThrownBy(() -> new SqliteBrokerProvider().connect("sqlite:" + nowhere.resolve("queue.db")))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("there is no directory " + nowhere)
                .hasMessageContaining("tasks.sqlite.file");
        assertThat(nowhere).doesNotExist();
    }

    @Test
    void isFoundByItsKind() {
        Map<String, String> settings = Map.of(
                "tasks.broker", "sqlite",
                "tasks.sqlite.file", "",
                "tasks.sqlite.durability", "process",
                "tasks.maxSize", "1048576",
                "data.dir", directory.toString());
        try (Broker broker = Brokers.open(Settings.of(settings))) {
            assertThat(broker.durability()).isEqualTo("process");
            assertThat(file()).exists();
        }
        assertThatThrownBy(() -> Brokers.open(Settings.of(Map.of("tasks.broker", "redis"))))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("'redis'")
                .hasMessageContaining("sqlite");
    }

    @Test
    void isOpenedByManyAtOnce() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            List<Callable<Integer>> calls = Collections.nCopies(6, () -> {
                try (Broker broker = open(file())) {
                    enqueue(broker, 1);
                    return 1;
                }
            });
            for (Future<Integer> future : threads.invokeAll(calls)) {
                assertThat(future.get()).isEqualTo(1);
            }
        }
        try (Broker broker = open(file())) {
            assertThat(broker.counts().get("q").ready()).isEqualTo(6);
        }
    }

    @Test
    void keepsItsFilesPrivate() throws Exception {
        Path deep = directory.resolve("a/b/queue.db");
        try (Broker broker = open(deep)) {
            enqueue(broker, 1);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(deep.getParent())))
                    .isEqualTo("rwx------");
            try (var files = Files.list(deep.getParent())) {
                assertThat(files)
                        .hasSize(4)
                        .allSatisfy(
                                file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                                        .isEqualTo("rw-------"));
            }
        }
    }

    @Test
    void refusesADirectoryForItsLibraryThatOthersCanWrite() throws Exception {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"));
        open(file()).close();
        String known = System.getProperty("org.sqlite.lib.path");
        try {
            System.clearProperty("org.sqlite.lib.path");
            open(file()).close();
            Path library;
            try (var files = Files.list(directory.resolve("native"))) {
                library = files.findFirst().orElseThrow();
            }
            assertThat(library.resolve("libsqlitejdbc.so")).isNotEmptyFile();
            Files.setPosixFilePermissions(library, PosixFilePermissions.fromString("rwxrwxrwx"));
            System.clearProperty("org.sqlite.lib.path");

            assertThatThrownBy(() -> open(file()))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining("rwxrwxrwx")
                    .hasMessageContaining(library.toString());
        } finally {
            System.setProperty("org.sqlite.lib.path", known);
        }
    }

    @Test
    void refusesWhatIsNoDatabase() throws Exception {
        Files.write(
                file(),
                "this is a text of some length, surely not a database\n"
                        .repeat(100)
                        .getBytes(UTF_8));

        assertThatThrownBy(() -> open(file()))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("is not an SQLite database");
        assertThat(Files.readString(file())).startsWith("this is a text");
    }

    @Test
    void refusesTheDatabaseOfAnotherProgram() throws Exception {
        sql("CREATE TABLE customers(name TEXT)");

        assertThatThrownBy(() -> open(file()))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("of another program");
        sql("INSERT INTO customers VALUES('still there')");
    }

    /// The statements that make an old file, of version 1 or as many more.
    @SafeVarargs
    private static List<String> version(List<String>... versions) {
        List<String> old = new ArrayList<>();
        old.add("CREATE TABLE muster_schema(version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL)");
        old.add("PRAGMA application_id=" + Schema.APPLICATION);
        for (int i = 0; i < versions.length; i++) {
            old.addAll(versions[i]);
            old.add("INSERT INTO muster_schema VALUES(" + (i + 1) + ", 0)");
        }
        return old;
    }

    @Test
    void makesTheTablesOfTodayFromThoseOfTheFirstVersion() throws Exception {
        List<String> old = version(Schema.first());
        old.add("INSERT INTO queue(name, next_place, accepted) VALUES('q', 2, 1)");
        old.add("INSERT INTO task(id, queue, place, accepted_at, changed_at, payload) VALUES('old', 'q', 1, 0, 0,"
                + " '{}')");
        sql(old.toArray(String[]::new));

        try (Broker broker = open(file())) {
            enqueue(broker, 1);
            assertThat(broker.claim("q", "w", 10))
                    .hasSize(2)
                    .first()
                    .satisfies(claim -> assertThat(claim.id()).isEqualTo("old"));
            assertThat(broker.paused()).isEmpty();
        }
    }

    @Test
    void keepsTheUniqueKeysOfTheSecondVersionAndLetsDeadLettersBlockThemNoMore() throws Exception {
        List<String> old = version(Schema.first(), Schema.second());
        old.add("INSERT INTO queue(name, next_place, accepted) VALUES('q', 2, 1)");
        old.add("INSERT INTO task(id, queue, place, accepted_at, changed_at, payload, unique_key) VALUES('old', 'q', 1,"
                + " 0, 0, '{}', 'key')");
        sql(old.toArray(String[]::new));
        NewTask same = new NewTask("", "q", "{}", Duration.ZERO, "", 0, "key");

        try (Broker broker = open(file())) {
            assertThat(broker.enqueue(List.of(same))).containsExactly("old");
            broker.settle(List.of(new Outcome.Dead(broker.claim("q", "w", 1).getFirst(), DeadReason.FAILED, "no")));
            assertThat(broker.enqueue(List.of(same))).doesNotContain("old");
        }
    }

    @Test
    void refusesANewerSchema() throws Exception {
        open(file()).close();
        sql("INSERT INTO muster_schema VALUES(999, 0)");

        assertThatThrownBy(() -> open(file()))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("999")
                .hasMessageContaining("newer Muster");
    }

    @Test
    void saysThatTheFileIsDamaged() throws Exception {
        try (Broker broker = open(file())) {
            enqueue(broker, 2000);
        }
        byte[] bytes = Files.readAllBytes(file());
        for (int i = 4096; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31);
        }
        Files.write(file(), bytes);

        assertThatThrownBy(() -> {
                    try (Broker broker = open(file())) {
                        broker.claim("q", "w", 10);
                    }
                })
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("damaged")
                .hasMessageContaining(".recover");
    }

    @Test
    void refusesADirectoryThatCannotBeMade() throws Exception {
        Path plain = Files.createFile(directory.resolve("plain"));

        assertThatThrownBy(() -> open(plain.resolve("queue.db")))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("data.dir");
        assertThatThrownBy(() -> open(Files.createDirectory(directory.resolve("d"))))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("plain file");
    }

    @Test
    void refusesAClosedBroker() {
        Broker broker = open(file());
        broker.close();

        assertThatThrownBy(() -> enqueue(broker, 1))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("closed");
    }

    /// A small disk; without root there is none, and no test of it.
    private Path mount(String options) throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.toString()), "needs root");
        return disk;
    }

    private static boolean run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return process.exitValue() == 0;
    }

    /// Lazily: the turn file stays mapped until this JVM ends.
    private static void unmount(Path disk) throws Exception {
        assertThat(run("umount", "-l", disk.toString())).isTrue();
    }

    @Test
    void refusesAReadOnlyDisk() throws Exception {
        Path disk = mount("size=1m,ro");
        try {
            assertThatThrownBy(() -> open(disk.resolve("queue.db")))
                    .isInstanceOf(BrokerException.class)
                    .hasMessageContaining("cannot write to " + disk);
        } finally {
            unmount(disk);
        }
    }

    @Test
    void losesNothingOnAFullDisk() throws Exception {
        Path disk = mount("size=32m");
        try {
            List<String> accepted = new ArrayList<>();
            Path ballast = Files.write(disk.resolve("ballast"), new byte[20_000_000]);
            try (Broker broker = open(disk.resolve("queue.db"))) {
                NewTask task = NewTask.of("q", "{\"task\":\"t\",\"param\":[\"" + "x".repeat(500) + "\"]}");
                assertThatThrownBy(() -> {
                            while (accepted.size() < 100_000) {
                                accepted.addAll(broker.enqueue(Collections.nCopies(20, task)));
                            }
                        })
                        .isInstanceOf(BrokerException.class)
                        .hasMessageContaining("is full")
                        .hasMessageContaining("nothing of this batch was kept");
                assertThat(accepted).isNotEmpty();
                assertThat(broker.counts().get("q").accepted()).isEqualTo(accepted.size());
                assertThat(accepted).allMatch(id -> broker.find(id).isPresent());

                Files.delete(ballast);
                accepted.addAll(broker.enqueue(List.of(task)));
                int done = 0;
                for (List<Claim> claims = broker.claim("q", "w", 100);
                        !claims.isEmpty();
                        claims = broker.claim("q", "w", 100)) {
                    done += claims.size();
                    assertThat(broker.settle(claims.stream()
                                    .<Outcome>map(Outcome.Done::new)
                                    .toList()))
                            .isEmpty();
                }
                assertThat(done).isEqualTo(accepted.size());
            }
        } finally {
            unmount(disk);
        }
    }

    /// What fills the disk is somebody else's; the queue needs no more than its log already has.
    @Test
    void goesOnWorkingOnAFullDisk() throws Exception {
        Path disk = mount("size=4m");
        try {
            Path queue = disk.resolve("queue.db");
            try (Broker broker = open(queue)) {
                enqueue(broker, 500);
                broker.giveBack(broker.claim("q", "w", 500));
            }
            try (Broker broker = open(queue)) {
                broker.giveBack(broker.claim("q", "w", 500));
                fill(disk.resolve("ballast"));
                int done = 0;
                while (done < 500) {
                    List<Claim> claims = broker.claim("q", "w", 10);
                    assertThat(claims).isNotEmpty();
                    List<Outcome> outcomes =
                            claims.stream().<Outcome>map(Outcome.Done::new).toList();
                    assertThat(broker.settle(outcomes)).isEmpty();
                    done += claims.size();
                }
                assertThat(broker.counts().get("q").done()).isEqualTo(500);
            }
        } finally {
            unmount(disk);
        }
    }

    private static void fill(Path file) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            while (true) {
                out.write(new byte[4096]);
            }
        } catch (IOException e) {
            assertThat(file.toFile().getUsableSpace()).isZero();
        }
    }
}
