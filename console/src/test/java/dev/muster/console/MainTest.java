package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Arguments and exit codes, with no application running.
@Timeout(30)
class MainTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void withoutAVerbTheVerbsAreShown() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("run", "demo", "tasks", "doctor").doesNotContain("train");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void whatCannotBeUnderstoodEndsWithUsage() {
        assertThat(run("fly")).isEqualTo(2);
        assertThat(run("ps", "--fast")).isEqualTo(2);
        assertThat(run("dump")).isEqualTo(2);
        assertThat(run("tasks", "retry")).isEqualTo(2);
        assertThat(run("tasks", "retry", "17", "--all")).isEqualTo(2);
        assertThat(run("logs", "-n", "-1")).isEqualTo(2);
        assertThat(err.toString().lines()).allMatch(line -> line.startsWith("muster: "));
        assertThat(err.toString()).contains("see 'muster help dump'", "see 'muster help tasks retry'");
    }

    @Test
    void whereNothingRunsEveryVerbSaysSo() {
        for (String verb : new String[] {"ps", "stop", "deaths"}) {
            assertThat(run(verb, "--run-dir", directory.toString())).isEqualTo(3);
        }
        for (String verb : new String[] {"kill", "restart", "dump"}) {
            assertThat(run(verb, "Ticker", "--run-dir", directory.toString())).isEqualTo(3);
        }
        assertThat(err.toString().lines()).hasSize(6).allMatch(line -> line.contains("is not running"));
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void whereNothingEverRanThereIsNoQueueAndNoLog() {
        assertThat(run("tasks", "--run-dir", directory.toString())).isEqualTo(3);
        assertThat(run("logs", "--run-dir", directory.toString())).isEqualTo(3);
        assertThat(run("tasks", "dead", "--run-dir", directory.toString())).isEqualTo(3);
        assertThat(err.toString()).contains("no application has run in " + directory);
    }

    @Test
    void aQueueThatCannotBePlacedIsAQuestionOfUsage() {
        assertThat(run("tasks", "--set", "tasks.queue=q")).isEqualTo(2);
        assertThat(err.toString()).contains("--app");
    }

    @Test
    void aNameThatNoQueueCanHaveIsAQuestionOfUsage() {
        String run = directory.toString();
        assertThat(run("tasks", "pause", "ma\nil", "--run-dir", run)).isEqualTo(2);
        assertThat(run("tasks", "enqueue", "-q", "q".repeat(129), "{}", "--run-dir", run))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("the name of a queue has no control characters", "U+000A at position 3")
                .contains("the name of a queue has 1 to 128 characters, this one has 129");
    }

    @Test
    void wrongConfigurationIsReportedWholeAndWithTheMastersCode() throws Exception {
        Path classes = Files.createDirectories(directory.resolve("a"));
        Files.writeString(classes.resolve("App.class"), "");

        assertThat(run(
                        "check",
                        "-cp",
                        directory.toString(),
                        "a.App",
                        "--set",
                        "tasks.wrokers=2",
                        "--set",
                        "limits.stop=soon"))
                .isEqualTo(78);
        assertThat(err.toString()).contains("tasks.wrokers", "tasks.workers", "limits.stop", "soon");
    }

    @Test
    void anApplicationThatDoesNotExistHasTheMastersCode() {
        assertThat(run("map", directory.resolve("none.jar").toString())).isEqualTo(78);
        assertThat(run("run", directory.resolve("none.jar").toString(), "--anything", "-x"))
                .isEqualTo(78);
    }

    @Test
    void versionIsData() {
        assertThat(run("version")).isZero();
        assertThat(out.toString().lines()).hasSize(3).first().asString().startsWith("muster ");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void everyVerbHasHelp() {
        for (String verb : new String[] {
            "run", "demo", "ps", "stop", "kill", "restart", "dump", "deaths", "logs", "tasks", "map", "check", "doctor",
            "version"
        }) {
            assertThat(run("help", verb)).isZero();
            assertThat(out.toString()).contains("Usage: muster " + verb);
        }
    }

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }
}
