package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Role;
import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import dev.muster.control.ExitCode;
import dev.muster.observe.ReportJson;
import dev.muster.scan.Declaration;
import dev.muster.scan.ProcessMap;
import dev.muster.scan.ProcessMapJson;
import dev.muster.scan.ScheduleDeclaration;
import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Brokers;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `muster schedules` of an application that has run.
@Timeout(60)
class SchedulesVerbTest {
    private static final ScheduleDeclaration NIGHTLY =
            new ScheduleDeclaration("nightly", "clean", "q", "0 3 * * *", 0, "Europe/Berlin", "ONCE", "[1]", true);
    private static final ScheduleDeclaration OFTEN =
            new ScheduleDeclaration("often", "look", "q", "", 300_000, "", "SKIP", "", true);
    private static final ScheduleDeclaration OFF =
            new ScheduleDeclaration("off", "look", "q", "@daily", 0, "", "ALL", "", false);
    private static final Instant LAST = Instant.parse("2026-03-28T02:00:00Z");

    @TempDir
    Path directory;

    private Path runDir;
    private Settings settings;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void run() throws IOException {
        runDir = Files.createDirectories(directory.resolve("shop"));
        settings = SettingsLoader.load(
                "shop", null, Map.of(), List.of("run.dir=" + runDir, "data.dir=" + directory.resolve("data")));
        Files.writeString(runDir.resolve("config.json"), ReportJson.flat(settings.effective()));
        map(NIGHTLY, OFTEN, OFF);
    }

    private void map(ScheduleDeclaration... schedules) throws IOException {
        Declaration workers = new Declaration.Workers(Role.TASK, "task", "", "", 1, 1, 1_000, "q", "");
        ProcessMap map = new ProcessMap("Shop", List.of(workers), List.of(), List.of(schedules), List.of(), List.of());
        Files.writeString(runDir.resolve("process-map.json"), ProcessMapJson.write(map));
    }

    private int schedules(String... options) {
        out.getBuffer().setLength(0);
        String[] args = new String[options.length + 3];
        args[0] = "schedules";
        args[1] = "--run-dir";
        args[2] = runDir.toString();
        System.arraycopy(options, 0, args, 3, options.length);
        return Main.run(new PrintWriter(out), new PrintWriter(err, true), args);
    }

    @Test
    void showsTheNextAndTheLastInstantOfEach() {
        try (Broker broker = Brokers.open(settings)) {
            boolean _ = broker.coordination().fire("nightly", LAST, NewTask.of("q", "{\"task\":\"clean\"}"));
        }
        assertThat(schedules()).isZero();
        assertThat(out.toString().lines().toList()).hasSize(4).satisfies(lines -> {
            assertThat(lines.get(0)).matches("SCHEDULE +TASK +WHEN +ZONE +MISSED +NEXT +LAST");
            assertThat(lines.get(1))
                    .matches("nightly +clean +0 3 \\* \\* \\* +Europe/Berlin +ONCE +\\S+T03:00\\+0[12]:00"
                            + " +2026-03-28T03:00\\+01:00");
            assertThat(lines.get(2)).matches("often +look +every 5m +- +SKIP +\\S+T\\S+Z +-");
            assertThat(lines.get(3)).matches("off +look +@daily +UTC +ALL +disabled +-");
        });
        assertThat(err.toString()).contains("shop is not running here: it serves no schedules");

        assertThat(schedules("--json")).isZero();
        List<Json> rows = Json.array(out.toString());
        assertThat(rows).hasSize(3);
        assertThat(rows.getFirst().text("last")).isEqualTo(LAST.toString());
        assertThat(Instant.parse(rows.getFirst().text("next")))
                .isAfter(Instant.now().minusSeconds(60));
        assertThat(rows.get(1).number("every")).isEqualTo(300_000);
        assertThat(rows.get(1).has("last")).isFalse();
        assertThat(rows.get(2).has("next")).isFalse();
        assertThat(rows.get(2).flag("enabled")).isFalse();
    }

    /// What is shown as next is what will be served next: nothing up to the last one.
    @Test
    void anInstantThatWasServedAheadOfTimeIsNotTheNext() {
        Instant ahead = Instant.parse("2999-01-01T00:00:00Z");
        SchedulesVerb.Line line = SchedulesVerb.Line.of(OFTEN, ahead, LAST);
        assertThat(line.next()).isEqualTo(ahead.plusSeconds(300));
        assertThat(SchedulesVerb.Line.of(OFTEN, null, LAST).next()).isEqualTo(LAST.plusSeconds(300));
    }

    @Test
    void anApplicationWithoutSchedulesAsksNoStore() throws IOException {
        map();
        assertThat(schedules("--json")).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("[]");
        assertThat(directory.resolve("data")).doesNotExist();
        Files.delete(runDir.resolve("process-map.json"));
        assertThat(schedules()).isEqualTo(ExitCode.NOT_RUNNING.number());
        assertThat(err.toString()).contains("process-map.json is missing");
    }
}
