package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class SettingsLoaderTest {
    private static final Map<String, String> DIRECTORIES =
            Map.of("MUSTER_RUN_DIR", "/run/shop", "MUSTER_DATA_DIR", "/data/shop");

    @Nested
    class Values {
        @Test
        void withoutAnythingTheDefaultsHold() {
            Settings settings = load(Map.of());
            assertThat(settings.appName()).isEqualTo("Shop");
            assertThat(settings.runDir()).isEqualTo(Path.of("/run/shop"));
            assertThat(settings.controlSocket()).isEqualTo(Path.of("/run/shop/control.sock"));
            assertThat(settings.dataDir()).isEqualTo(Path.of("/data/shop"));
            assertThat(settings.logDir()).isEqualTo(Path.of("/data/shop/log"));
            assertThat(settings.path("tasks.sqlite.file")).isEqualTo(Path.of("/data/shop/queue.db"));
            assertThat(settings.bytes("log.maxSize")).isEqualTo(10L << 20);
            assertThat(settings.number("tasks.workers")).isZero();
            assertThat(settings.millis("limits.boot")).isEqualTo(60_000);
            assertThat(settings.paths("app.scan")).isEmpty();
            assertThat(settings.options("user")).isEmpty();
            assertThat(settings.origin("limits.boot")).isEqualTo("default");
        }

        @Test
        void theDirectoriesFollowTheName() {
            Settings settings = SettingsLoader.load(
                    "Shop", null, Map.of("XDG_DATA_HOME", "/d", "XDG_RUNTIME_DIR", "/"), List.of("app.name=till"));
            assertThat(settings.runDir()).isEqualTo(Path.of("/muster/till"));
            assertThat(settings.logDir()).isEqualTo(Path.of("/d/muster/till/log"));
        }

        @Test
        void effectiveSettingsCanBeReadAgain() {
            Settings settings = load(Map.of(), "pools.mail.heartTime=7", "jvm.user=-Xmx64m", "app.scan=/a.jar,/b.jar");
            Settings again = Settings.of(settings.effective());
            assertThat(again.effective()).isEqualTo(settings.effective());
            assertThat(again.override("pools", "mail", "heartbeat")).contains("7s");
            assertThat(again.options("user")).containsExactly("-Xmx64m");
            assertThat(again.paths("app.scan")).containsExactly(Path.of("/a.jar"), Path.of("/b.jar"));
        }

        @Test
        void everyKeyWithoutANameIsEffective() {
            Map<String, String> effective = load(Map.of()).effective();
            for (Key key : Keys.all()) {
                assertThat(effective.containsKey(key.pattern()))
                        .as(key.pattern())
                        .isEqualTo(!key.wildcard());
            }
        }

        @Test
        void settingsMadeByHandHaveTheDefaultsOfTheTable() {
            Settings settings = Settings.of(Map.of("data.dir", "/d"));
            assertThat(settings.path("tasks.sqlite.file")).isEqualTo(Path.of("/d/queue.db"));
            assertThat(settings.text("tasks.queue")).isEqualTo("default");
        }

        @Test
        void aKeyThatTheTableDoesNotHaveIsAnErrorOfTheProgram() {
            Settings settings = load(Map.of());
            assertThat(catchThrowableOfType(IllegalArgumentException.class, () -> settings.text("tasks.worker")))
                    .hasMessageContaining("tasks.worker");
        }

        @Test
        void wordsAreKeptAsTheTableSpellsThem() {
            Settings settings = load(
                    Map.of(),
                    "tasks.onCrash=dead",
                    "processes.Ticker.restart=on-failure",
                    "processes.Ticker.virtualThreads=False");
            assertThat(settings.text("tasks.onCrash")).isEqualTo("DEAD");
            assertThat(settings.override("processes", "Ticker", "restart")).contains("ON_FAILURE");
            assertThat(settings.override("processes", "Ticker", "virtualThreads"))
                    .contains("false");
        }

        @Test
        void fendSpellingsBecomeTheUsualOnes() {
            Settings settings = load(
                    Map.of(),
                    "pools.mail.pre=xes_",
                    "pools.mail.logName=mail.log",
                    "pools.mail.processNum=20",
                    "pools.mail.heartTime=10",
                    "pools.mail.name=post");
            assertThat(settings.override("pools", "mail", "prefix")).contains("xes_");
            assertThat(settings.override("pools", "mail", "log")).contains("mail.log");
            assertThat(settings.override("pools", "mail", "instances")).contains("20");
            assertThat(settings.override("pools", "mail", "heartbeat")).contains("10s");
            assertThat(settings.override("pools", "mail", "name")).contains("post");
        }

        @Test
        void namesMayHaveDots() {
            Settings settings = load(Map.of(), "processes.Jobs.sync.every=5s");
            assertThat(settings.override("processes", "Jobs.sync", "interval")).contains("5s");
            assertThat(settings.names("processes")).containsEntry("processes.Jobs.sync.interval", "Jobs.sync");
        }

        @Test
        void optionsAreSplitOnBlanks() {
            Settings settings = load(Map.of(), "jvm.task=-Xmx64m   --add-opens java.base/java.lang=ALL-UNNAMED");
            assertThat(settings.options("task"))
                    .containsExactly("-Xmx64m", "--add-opens", "java.base/java.lang=ALL-UNNAMED");
        }

        @Test
        void aPathFromTheHomeDirectory() {
            Settings settings = load(Map.of(), "log.dir=~/logs");
            assertThat(settings.logDir()).isEqualTo(Path.of(System.getProperty("user.home"), "logs"));
        }
    }

    @Nested
    class Environment {
        @ParameterizedTest
        @CsvSource({
            "MUSTER_TASKS_SQLITE_FILE, tasks.sqlite.file, /q.db",
            "MUSTER_TASKS_ONCRASH, tasks.onCrash, DEAD",
            "MUSTER_TASKS_ON_CRASH, tasks.onCrash, DEAD",
            "MUSTER_LOG_MAX_SIZE, log.maxSize, 1MiB",
            "MUSTER_LIMITS_BOOT, limits.boot, 5s",
            "MUSTER_APP_NAME, app.name, till",
        })
        void spellsKeys(String variable, String key, String value) {
            Settings settings = load(Map.of(variable, value));
            assertThat(settings.text(key)).isEqualTo(value);
            assertThat(settings.origin(key)).isEqualTo("environment " + variable);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "MUSTER_GATEWAY_PORT",
                    "MUSTER_HOME",
                    "MUSTER_JAVA_HOME",
                    "MUSTER_TOKEN",
                    "MUSTER_",
                    "MUSTER",
                    "PATH",
                    "MUSTER_APP"
                })
        void variablesOfOthersAreIgnored(String variable) {
            assertThat(load(Map.of(variable, "x")).effective())
                    .isEqualTo(load(Map.of()).effective());
        }

        @Test
        void anEmptyVariableIsNotSet() {
            assertThat(load(Map.of("MUSTER_TASKS_WORKERS", "")).number("tasks.workers"))
                    .isZero();
        }

        @Test
        void aMistypedVariableOfOurSectionIsAnError() {
            assertThat(errors(Map.of("MUSTER_TASKS_WORKER", "3")))
                    .singleElement()
                    .satisfies(error -> {
                        assertThat(error.origin()).isEqualTo("environment MUSTER_TASKS_WORKER");
                        assertThat(error.suggestion()).isEqualTo("tasks.workers");
                    });
        }

        @Test
        void twoSpellingsOfOneKeyContradict() {
            assertThat(errors(Map.of("MUSTER_TASKS_ONCRASH", "DEAD", "MUSTER_TASKS_ON_CRASH", "RETRY")))
                    .singleElement()
                    .satisfies(error -> assertThat(error.legal()).contains("contradicts"));
        }

        @Test
        void meansADeclaredNameThatItCannotSpell() {
            Settings settings = load(Map.of(
                    "MUSTER_POOLS_ASYNC_TASK_LOG_NAME", "a.log", "MUSTER_PROCESSES_JOBS_SYNC_RUN_TIMEOUT", "3s"));
            assertThat(settings.override("pools", "asyncTask", "log")).contains("a.log");
            assertThat(settings.override("processes", "Jobs.sync", "runTimeout"))
                    .contains("3s");
            assertThat(settings.override("processes", "Jobs.other", "runTimeout"))
                    .isEmpty();
        }

        @Test
        void setsOptionsOfARole() {
            assertThat(load(Map.of("MUSTER_JVM_USER", "-Xmx48m")).options("user"))
                    .containsExactly("-Xmx48m");
        }
    }

    @Nested
    class Precedence {
        @Test
        void optionsBeatTheEnvironment() {
            Settings settings = load(Map.of("MUSTER_TASKS_WORKERS", "2"), "tasks.workers=3");
            assertThat(settings.number("tasks.workers")).isEqualTo(3);
            assertThat(settings.origin("tasks.workers")).isEqualTo("--set");
        }

        @Test
        void theLastOfTwoOptionsHolds() {
            assertThat(load(Map.of(), "tasks.workers=3", "tasks.workers=4").number("tasks.workers"))
                    .isEqualTo(4);
        }

        @Test
        void anOptionForANameBeatsTheEnvironmentThatMeansIt() {
            Settings settings = load(Map.of("MUSTER_POOLS_MAIL_INSTANCES", "2"), "pools.mail.instances=3");
            assertThat(settings.override("pools", "mail", "instances")).contains("3");
            assertThat(settings.names("pools")).containsOnlyKeys("pools.mail.instances");
        }

        @Test
        void anotherSpellingInAHigherLayerWins() {
            Settings settings = load(Map.of("MUSTER_POOLS_MAIL_HEARTBEAT", "5s"), "pools.mail.heartTime=3");
            assertThat(settings.override("pools", "mail", "heartbeat")).contains("3s");
        }
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
