package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class SettingsErrorsTest {
    private static final Map<String, String> DIRECTORIES =
            Map.of("MUSTER_RUN_DIR", "/run/shop", "MUSTER_DATA_DIR", "/data/shop");

    @Test
    void allOfThemComeInOneList() {
        List<ConfigurationError> errors = errors(
                Map.of("MUSTER_LOG_KEEP", "many"),
                "tasks.worker=3",
                "tasks.workers=1001",
                "limits.drain=90s",
                "tasks.retry.base=1m",
                "nonsense",
                "gateway.port=9501");
        assertThat(errors.stream().map(ConfigurationError::text).toList())
                .containsExactlyInAnyOrder(
                        "log.keep = many (environment MUSTER_LOG_KEEP): must be a whole number from 0 to 1000",
                        "nonsense = '' (--set): must have the form KEY=VALUE",
                        "tasks.worker = 3 (--set): no such key; this section has " + KeysTest.section("tasks")
                                + "; did you mean tasks.workers?",
                        "tasks.workers = 1001 (--set): must be a whole number from 0 to 1000",
                        "limits.drain = 90s (--set): must not be longer than limits.stop, which is 60s (default)",
                        "tasks.retry.base = 1m (--set): must not be longer than tasks.retry.cap, which is 30s"
                                + " (default)",
                        "gateway.port = 9501 (--set): no such key; the sections are server, app, run, data, log, aot,"
                            + " dumps, tasks, pools, processes, schedules, messages, limits, spares, recycle, health,"
                            + " jvm, resources");
    }

    @Test
    void aPasswordIsNotShown() {
        assertThat(errors(Map.of(), "tasks.redis.url=http://me:secret@there"))
                .singleElement()
                .satisfies(error -> assertThat(error.text())
                        .isEqualTo("tasks.redis.url = http://***@there (--set): must be an address such as"
                                + " redis://user:password@host:port/database, or file:/path of a file that holds one"));
        assertThat(errors(Map.of(), "tasks.postgres.url=postgres://me:sec/r@et@there/db"))
                .singleElement()
                .satisfies(
                        error -> assertThat(error.text()).startsWith("tasks.postgres.url = postgres://***@there/db ("));
        assertThat(errors(Map.of(), "tasks.postgres.url=jdbc:postgresql://there/db?user=me&password=secret"))
                .singleElement()
                .satisfies(error -> assertThat(error.text())
                        .contains("?user=me&password=***")
                        .doesNotContain("secret"));
    }

    @Test
    void aPasswordThatBreaksItsAddressIsNotShownEither() {
        for (String url : List.of(
                "redis://me:se/cret@there",
                "redis://me:se@cret@there",
                "redis://me:se\ncret@there",
                "redis:cret@there")) {
            assertThat(errors(Map.of(), "tasks.redis.url=" + url))
                    .singleElement()
                    .satisfies(error -> assertThat(error.text())
                            .startsWith("tasks.redis.url = redis://***@there (--set): must be"));
        }
    }

    @Test
    void theMessageIsTheWholeList() {
        ConfigurationException failure = catchThrowableOfType(
                ConfigurationException.class, () -> load(Map.of(), "log.keep=x", "tasks.maxSize=1"));
        assertThat(failure)
                .hasMessageStartingWith("2 configuration errors; nothing was started:\n  log.keep = x")
                .hasMessageContaining("\n  tasks.maxSize = 1 (--set): must be a size such as");
    }

    @Test
    void aStopShorterThanTheDefaultDrainIsItsOwnFault() {
        assertThat(errors(Map.of(), "limits.stop=5s")).singleElement().satisfies(error -> {
            assertThat(error.key()).isEqualTo("limits.stop");
            assertThat(error.legal()).contains("limits.drain, which is 30s");
        });
    }

    @Test
    void limitsThatThisMachineCannotKeepAreRefused() {
        List<ConfigurationError> errors = errors(
                Map.of("MUSTER_RESOURCES_USER_OPEN_FILES", "63"),
                "resources.user.cpus=0,1023",
                "resources.pool.cpus=3-1",
                "resources.task.openFiles=1073741824",
                "resources.user.nice=20",
                "resources.task.heap=15MiB",
                "resources.master.heap=64MiB",
                "resources.pool.heap=64MiB",
                "resources.pool.memory=64MiB");
        assertThat(errors.stream().map(ConfigurationError::text).toList())
                .satisfiesOnlyOnce(text -> assertThat(text)
                        .startsWith(
                                "resources.user.cpus = 0,1023 (--set): there is no processor 1023: this machine has"))
                .satisfiesOnlyOnce(text -> assertThat(text)
                        .startsWith("resources.task.openFiles = 1073741824 (--set): must not be above "))
                .contains(
                        "resources.user.openFiles = 63 (environment MUSTER_RESOURCES_USER_OPEN_FILES): must be a whole"
                                + " number from 64 to 1073741824",
                        "resources.pool.cpus = 3-1 (--set): must be processors such as 0,1 or 0-3, each of 0 to 1023"
                                + " and switched on in this machine",
                        "resources.user.nice = 20 (--set): must be a whole number from -20 to 19",
                        "resources.task.heap = 15MiB (--set): must be a size such as 64MiB, 10MB or plain bytes, from"
                                + " 16MiB to 1024GiB",
                        "resources.pool.memory = 64MiB (--set): must be larger than resources.pool.heap, which is"
                                + " 64MiB (--set): a process needs more than its heap")
                .anyMatch(text -> text.startsWith(
                        "resources.master.heap = 64MiB (--set): 'master' must be one of console, web, task,"
                                + " pool, user"))
                .hasSize(8);
    }

    /// It would have no effect.
    @ParameterizedTest
    @ValueSource(strings = {"spares.master=1", "spares.console=1", "recycle.master.age=1h", "recycle.console.units=9"})
    void whatTheMasterAndTheConsoleDoNotHaveIsRefused(String assignment) {
        assertThat(errors(Map.of(), assignment))
                .singleElement()
                .extracting(ConfigurationError::text)
                .asString()
                .contains("must be one of web, task, pool, user");
    }

    @ParameterizedTest
    @CsvSource({
        "pool.mail.instances, pools.mail.instances",
        "pools.mail.instance, pools.mail.instances",
        "pools.mail.heart_time, pools.mail.heartTime",
        "processes.Jobs.sync.intervall, processes.Jobs.sync.interval",
        "tasks.sqllite.file, tasks.sqlite.file",
        "TASKS.WORKERS, tasks.workers",
        "log.max-size, log.maxSize",
        "jvm.usr, jvm.user",
        "resources.usr.heap, resources.user.heap",
        "resources.task.openfile, resources.task.openFiles",
    })
    void suggestsWhatWasMeant(String written, String meant) {
        assertThat(errors(Map.of(), written + "=1"))
                .singleElement()
                .satisfies(error -> assertThat(error.suggestion()).isEqualTo(meant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app.name=",
                "app.name=a b",
                "app.name=..",
                "app.name=-d",
                "run.dir=",
                "log.maxSize=1000",
                "log.maxSize=10 MiB",
                "log.keep=-1",
                "tasks.workers=2.0",
                "tasks.concurrency=0",
                "tasks.concurrency=16",
                "pools.mail.concurrency=16",
                "tasks.retry.base=soon",
                "tasks.queue=",
                "tasks.onCrash=MAYBE",
                "tasks.broker=mysql",
                "tasks.redis.url=127.0.0.1:6379",
                "tasks.redis.url=http://127.0.0.1",
                "tasks.postgres.url=127.0.0.1:5432/db",
                "tasks.postgres.url=mysql://127.0.0.1/db",
                "tasks.sqlite.durability=never",
                "pools.mail.instances=0",
                "pools.mail.heartbeat=99",
                "pools.mail.heartTime=10s",
                "pools.mail.heartTime=0",
                "pools.mail.log=../escape.log",
                "pools.mail.log=/var/log/mail.log",
                "pools.a b.instances=2",
                "processes.Ticker.interval=-5",
                "processes.Ticker.interval=5 s",
                "processes.Ticker.virtualThreads=yes",
                "processes.Ticker.onError=IGNORE",
                "limits.boot=0",
                "limits.silence=500ms",
                "limits.boot=2h",
                "jvm.user=Xmx64m",
                "jvm.user=-Xmx64m com.acme.Evil",
                "jvm.Ticker=-Xmx64m",
                "=3",
                "nonsense",
            })
    void refusesWrongValues(String option) {
        assertThat(errors(Map.of(), option)).singleElement().satisfies(error -> {
            assertThat(error.origin()).isEqualTo("--set");
            assertThat(error.legal()).contains("must");
        });
    }

    @Test
    void twoSpellingsInOneLayerContradict() {
        assertThat(errors(Map.of(), "pools.mail.heartbeat=5s", "pools.mail.heartTime=5"))
                .singleElement()
                .satisfies(error -> assertThat(error.text())
                        .isEqualTo("pools.mail.heartTime = 5 (--set): contradicts pools.mail.heartbeat = 5s (--set):"
                                + " leave one of them out"));
        assertThat(errors(Map.of(), "processes.T.every=5s", "processes.T.interval=5s"))
                .hasSize(1);
    }

    @Test
    void theSocketMustFitItsAddress() {
        String longest = "/r/" + "x".repeat(106 - "/r/".length() - "/control.sock".length());
        assertThat(load(Map.of(), "run.dir=" + longest).controlSocket().toString())
                .hasSize(106);
        assertThat(errors(Map.of(), "run.dir=" + longest + "x"))
                .singleElement()
                .satisfies(error -> assertThat(error.legal()).contains("107 bytes, the system allows 106"));
    }

    @Test
    void theSocketIsCountedInBytes() {
        assertThat(errors(Map.of(), "run.dir=/r/" + "ü".repeat(50))).hasSize(1);
    }

    @Test
    void aMainClassWhoseNameIsNoNameNeedsOne() {
        ConfigurationException failure = catchThrowableOfType(
                ConfigurationException.class, () -> SettingsLoader.load("Läden", null, Map.of(), List.of()));
        assertThat(failure)
                .hasMessageContaining("app.name = Läden (default): must be")
                .hasMessageContaining("set app.name");
    }

    @Test
    void longAndBrokenValuesStayOnOneLine() {
        ConfigurationError error =
                errors(Map.of(), "log.keep=a\nb" + "c".repeat(500)).getFirst();
        assertThat(error.text()).hasLineCount(1).hasSizeLessThan(250).contains("a bccc");
    }

    private static Settings load(Map<String, String> environment, String... sets) {
        Map<String, String> all = new HashMap<>(DIRECTORIES);
        all.putAll(environment);
        return SettingsLoader.load("Shop", null, all, List.of(sets));
    }

    private static List<ConfigurationError> errors(Map<String, String> environment, String... sets) {
        return catchThrowableOfType(ConfigurationException.class, () -> load(environment, sets))
                .errors();
    }
}
