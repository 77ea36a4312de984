package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class YamlFileTest {
    @TempDir
    Path directory;

    @Test
    void nestedAndDottedKeysAreTheSame() throws IOException {
        Settings settings = load("""
            # the shop
            app.name: till
            app:
              scan: [/a.jar, /b.jar]
            tasks:
              workers: 2
              sqlite.file: "/q.db"
            pools:
              mail:
                processNum: '20'
                heartTime: 10
            processes:
              Jobs.sync:
                every: 60s
            jvm:
              user:
                - -Xmx64m
                - -XX:+UseSerialGC
            limits:
            """);
        assertThat(settings.appName()).isEqualTo("till");
        assertThat(settings.paths("app.scan")).containsExactly(Path.of("/a.jar"), Path.of("/b.jar"));
        assertThat(settings.number("tasks.workers")).isEqualTo(2);
        assertThat(settings.text("tasks.sqlite.file")).isEqualTo("/q.db");
        assertThat(settings.override("pools", "mail", "instances")).contains("20");
        assertThat(settings.override("pools", "mail", "heartbeat")).contains("10s");
        assertThat(settings.override("processes", "Jobs.sync", "interval")).contains("60s");
        assertThat(settings.options("user")).containsExactly("-Xmx64m", "-XX:+UseSerialGC");
        assertThat(settings.origin("tasks.workers")).endsWith("muster.yml line 6");
    }

    @Test
    void theEnvironmentBeatsTheFile() throws IOException {
        Path file = file("tasks: {workers: 2}\npools: {async-task: {instances: 2}}\n");
        Settings settings = SettingsLoader.load(
                "Shop",
                file,
                Map.of("MUSTER_TASKS_WORKERS", "3", "MUSTER_POOLS_ASYNC_TASK_INSTANCES", "4"),
                List.of("run.dir=/r"));
        assertThat(settings.number("tasks.workers")).isEqualTo(3);
        assertThat(settings.override("pools", "async-task", "instances")).contains("4");
        assertThat(settings.names("pools")).containsOnlyKeys("pools.async-task.instances");
    }

    @Test
    void anotherSpellingInTheEnvironmentBeatsTheFile() throws IOException {
        Settings settings = SettingsLoader.load(
                "Shop",
                file("pools: {mail: {heartTime: 10}}"),
                Map.of("MUSTER_POOLS_MAIL_HEARTBEAT", "3s"),
                List.of("run.dir=/r"));
        assertThat(settings.override("pools", "mail", "heartbeat")).contains("3s");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "---\n", "tasks:\n", "pools:\n  mail:\n", "{}"})
    void aFileWithoutValuesIsFine(String text) throws IOException {
        assertThat(load(text).number("tasks.workers")).isZero();
    }

    @Test
    void eachErrorHasItsLine() throws IOException {
        assertThat(errors("""
            tasks:
              workers: many
              worker: 2
            limits.boot:
            tasks.workers: 3
            """))
                .containsExactly(
                        "tasks.workers = 3 (muster.yml line 5): must be given once, and stands also in muster.yml line"
                                + " 2",
                        "tasks.workers = many (muster.yml line 2): must be a whole number from 0 to 1000",
                        "tasks.worker = 2 (muster.yml line 3): no such key; this section has "
                                + KeysTest.section("tasks") + "; did you mean tasks.workers?",
                        "limits.boot = '' (muster.yml line 4): must be a duration such as 200ms, 5s, 1m or 2h, or plain"
                                + " milliseconds, from 100ms to 1h");
    }

    @Test
    void aKeyMayNotComeTwice() throws IOException {
        assertThat(errors("tasks:\n  workers: 2\n  workers: 2\n"))
                .containsExactly(
                        "tasks.workers = 2 (muster.yml line 3): must be given once, and stands also in muster.yml line"
                                + " 2");
    }

    @Test
    void brokenYamlIsNamedWithItsLine() throws IOException {
        assertThat(errors("tasks:\n  workers: 2\n bad: [1\n"))
                .singleElement()
                .asString()
                .startsWith("muster.yml: the file must be valid YAML")
                .contains("line 3");
        assertThat(errors("tasks:\n\tworkers: 2\n"))
                .singleElement()
                .asString()
                .startsWith("muster.yml: the file must be valid YAML")
                .contains("line 2");
    }

    @ParameterizedTest
    @MethodSource
    void whatTheFileMustNotHold(String text, String error) throws IOException {
        assertThat(errors(text)).singleElement().asString().startsWith(error);
    }

    static List<Arguments> whatTheFileMustNotHold() {
        return List.of(
                Arguments.of("- a\n- b\n", "muster.yml line 1: the file must hold keys and values"),
                Arguments.of("just text", "muster.yml line 1: the file must hold keys and values"),
                Arguments.of(
                        "log.keep: 1\n---\nlog.keep: 2\n", "muster.yml line 3: the file must hold one YAML document"),
                Arguments.of("tasks: 5", "tasks = 5 (muster.yml line 1): no such key; this section has tasks.workers"),
                Arguments.of("tasks.workers: {a: 1}", "tasks.workers.a = 1 (muster.yml line 1): no such key"),
                Arguments.of("tasks.workers: [1, 2]", "tasks.workers = [1, 2] (muster.yml line 1): must be one value"),
                Arguments.of(
                        "app.scan: [[a], b]", "app.scan = [b] (muster.yml line 1): must be a list of single values"),
                Arguments.of("app.scan: ['/a,b.jar']", "app.scan = [/a,b.jar] (muster.yml line 1): must be a list"),
                Arguments.of(
                        "log.keep: &n 5\ntasks.workers: *n\n",
                        "tasks.workers = *n (muster.yml line 2): must be written"),
                Arguments.of(
                        "unknown: [a]", "unknown = a (muster.yml line 1): no such key; the sections are server, app"),
                Arguments.of("unknown:", "unknown = '' (muster.yml line 1): no such key"),
                Arguments.of("tasks.workers: ~", "tasks.workers = ~ (muster.yml line 1): must be a whole number"));
    }

    @Test
    void aNamedFileMustExist() {
        ConfigurationException failure = catchThrowableOfType(
                ConfigurationException.class,
                () -> SettingsLoader.load("Shop", directory.resolve("no.yml"), Map.of(), List.of()));
        assertThat(failure).hasMessageContaining("no.yml: the file was named but does not exist");
    }

    @Test
    void aFileMustBeText() throws IOException {
        Path file = directory.resolve("muster.yml");
        Files.write(file, new byte[] {'a', ':', ' ', (byte) 0xFF, (byte) 0xFE, '\n'});
        ConfigurationException failure = catchThrowableOfType(
                ConfigurationException.class, () -> SettingsLoader.load("Shop", file, Map.of(), List.of()));
        assertThat(failure.errors())
                .singleElement()
                .satisfies(error -> assertThat(error.legal()).contains("UTF-8"));
    }

    @Test
    void aDirectoryIsNoFile() {
        ConfigurationException failure = catchThrowableOfType(
                ConfigurationException.class, () -> SettingsLoader.load("Shop", directory, Map.of(), List.of()));
        assertThat(failure.errors()).hasSize(1);
    }

    private Settings load(String text) throws IOException {
        return SettingsLoader.load("Shop", file(text), Map.of(), List.of("run.dir=/r"));
    }

    /// The texts of the errors, with the path cut to the file's name.
    private List<String> errors(String text) throws IOException {
        Path file = file(text);
        ConfigurationException failure = catchThrowableOfType(
                ConfigurationException.class, () -> SettingsLoader.load("Shop", file, Map.of(), List.of("run.dir=/r")));
        return failure.errors().stream()
                .map(error -> error.text().replace(directory + "/", ""))
                .toList();
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("muster.yml"), text, StandardCharsets.UTF_8);
    }
}
