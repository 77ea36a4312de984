package dev.muster.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.config.ConfigurationError;
import dev.muster.config.ConfigurationException;
import dev.muster.config.SettingsLoader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the configuration makes of schedules.
@Timeout(20)
class ScheduleValuesTest {
    private static final TaskDeclaration CLEAN =
            new TaskDeclaration("clean", "app.Jobs", "clean", "()V", true, "", 0, 1, "");
    private static final TaskDeclaration REPORT = new TaskDeclaration(
            "report",
            "app.Jobs",
            "report",
            "(JLdev/muster/task/TaskContext;Ljava/lang/String;)V",
            true,
            "reports",
            0,
            1,
            "");
    private static final ScheduleDeclaration NIGHTLY =
            new ScheduleDeclaration("nightly", "clean", "", "0 3 * * *", 0, "Europe/Berlin", "ONCE", "", true);
    private static final ScheduleDeclaration OFTEN =
            new ScheduleDeclaration("Jobs.often", "clean", "", "", 60_000, "", "SKIP", "", true);
    private static final ProcessMap MAP = new ProcessMap(
            "app.Main", List.of(), List.of(CLEAN, REPORT), List.of(NIGHTLY, OFTEN), List.of(), List.of());

    private static ProcessMap apply(Map<String, String> environment, String... sets) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("MUSTER_RUN_DIR", "/run/shop");
        return DeclaredValues.apply(MAP, SettingsLoader.load("Shop", null, all, List.of(sets)));
    }

    private static List<ScheduleDeclaration> schedules(String... sets) {
        return apply(Map.of(), sets).schedules();
    }

    private static List<String> errors(String... sets) {
        return catchThrowableOfType(ConfigurationException.class, () -> schedules(sets)).errors().stream()
                .map(ConfigurationError::text)
                .toList();
    }

    private static ScheduleDeclaration nightly(String cron, long every, String zone, String queue) {
        return new ScheduleDeclaration("nightly", "clean", queue, cron, every, zone, "ONCE", "", true);
    }

    @Test
    void withoutConfigurationTheyHaveTheQueueOfTheirTask() {
        assertThat(schedules()).extracting(ScheduleDeclaration::name).containsExactly("Jobs.often", "nightly");
        assertThat(schedules()).extracting(ScheduleDeclaration::queue).containsOnly("default");
    }

    @Test
    void everyValueCanBeChanged() {
        assertThat(schedules("schedules.nightly.cron=0 4 * * *").getLast())
                .isEqualTo(nightly("0 4 * * *", 0, "Europe/Berlin", "default"));
        assertThat(schedules("schedules.nightly.zone=Asia/Tokyo", "schedules.nightly.queue=slow")
                        .getLast())
                .isEqualTo(nightly("0 3 * * *", 0, "Asia/Tokyo", "slow"));
        assertThat(schedules("schedules.nightly.enabled=false").getLast().enabled())
                .isFalse();
        assertThat(schedules("schedules.Jobs.often.missed=all").getFirst().missed())
                .isEqualTo("ALL");
    }

    @Test
    void anIntervalTakesThePlaceOfAnExpressionAndTheOtherWayRound() {
        assertThat(schedules("schedules.nightly.every=10m").getLast()).isEqualTo(nightly("", 600_000, "", "default"));
        ScheduleDeclaration often =
                schedules("schedules.Jobs.often.cron=@daily").getFirst();
        assertThat(often.cron()).isEqualTo("@daily");
        assertThat(often.everyMillis()).isZero();
    }

    @Test
    void theConfigurationHasSchedulesOfItsOwn() {
        assertThat(schedules(
                        "schedules.weekly.task=report",
                        "schedules.weekly.cron=@weekly",
                        "schedules.weekly.param=[42, \"a\"]"))
                .contains(new ScheduleDeclaration(
                        "weekly", "report", "reports", "@weekly", 0, "", "ONCE", "[42, \"a\"]", true));
    }

    @Test
    void theEnvironmentMeansThemToo() {
        assertThat(apply(Map.of("MUSTER_SCHEDULES_NIGHTLY_CRON", "0 5 * * *"))
                        .schedules()
                        .getLast()
                        .cron())
                .isEqualTo("0 5 * * *");
        assertThat(apply(
                                Map.of("MUSTER_SCHEDULES_WEEKLY_MISSED", "SKIP"),
                                "schedules.week-ly.task=clean",
                                "schedules.week-ly.every=1h")
                        .schedules())
                .hasSize(3)
                .contains(new ScheduleDeclaration("week-ly", "clean", "default", "", 3_600_000, "", "SKIP", "", true));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        schedules.nightly.cron=0 25 * * *   | schedules.nightly.cron = 0 25 * * * (--set): the hour '25' must be
        schedules.nightly.zone=Mars         | schedules.nightly.zone = Mars (--set): there is no time zone 'Mars'
        schedules.nightly.every=1500ms      | schedules.nightly.every = 1500ms (--set): an interval of 1500 ms
        schedules.nightly.every=200ms       | must be a duration such as 200ms, 5s, 1m or 2h
        schedules.nightly.missed=NEVER      | must be one of SKIP, ONCE, ALL
        schedules.nightly.param={}          | must be a JSON array in quotes
        schedules.nightly.task=cleen        | no task 'cleen' is declared; declared are clean, report; did you mean clean?
        schedules.nightly.task=report       | takes 2 arguments (long, String), the schedule gives 0
        schedules.nightly.param=[1]         | takes 0 arguments (), the schedule gives 1
        schedules.Jobs.often.zone=UTC       | schedules.Jobs.often.zone = UTC (--set): an interval has no time zone
        schedules.nightly.crom=x            | did you mean schedules.nightly.cron?
        """)
    void refusesWhatCannotBe(String set, String error) {
        assertThat(errors(set)).singleElement().asString().contains(error);
    }

    @Test
    void saysEverythingThatIsWrongAtOnce() {
        assertThat(errors("schedules.nightly.cron=x", "schedules.often.zone=y", "tasks.workers=many"))
                .hasSize(3);
        assertThat(errors("schedules.new.queue=q"))
                .containsExactly(
                        "schedules.new.queue = q (--set): says no time: set schedules.new.cron or schedules.new.every",
                        "schedules.new.queue = q (--set): names no task: set schedules.new.task; declared are clean,"
                                + " report");
        assertThat(errors("schedules.nightly.cron=@daily", "schedules.nightly.every=1h"))
                .containsExactly("schedules.nightly.every = 1h (--set): contradicts the cron expression '@daily'; keep"
                        + " one of them");
        assertThat(errors("schedules." + "x".repeat(41) + ".task=clean"))
                .singleElement()
                .asString()
                .contains("must be 1 to 40 letters");
    }

    @Test
    void warnsWhereNobodyServesThem() {
        assertThat(apply(Map.of()).warnings())
                .containsExactly("nobody here serves the schedules Jobs.often, nightly: that is done by task workers"
                        + " and pool workers, and there are none; set tasks.workers");
        assertThat(apply(Map.of(), "tasks.workers=1").warnings()).isEmpty();
        assertThat(apply(Map.of(), "schedules.nightly.enabled=false", "schedules.Jobs.often.enabled=false")
                        .warnings())
                .isEmpty();
    }
}
