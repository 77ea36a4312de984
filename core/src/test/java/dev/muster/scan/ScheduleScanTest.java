package dev.muster.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ScheduleScanTest {
    @TempDir
    Path directory;

    private List<ScheduleDeclaration> scan(String source) throws Exception {
        return Scanner.scan("app.Main", List.of(Sources.compile(directory, source)))
                .schedules();
    }

    @Test
    void readsWhatIsWrittenAndTheDefaults() throws Exception {
        assertThat(scan("""
            class Jobs {
                @Task @Schedule(cron = "0 3 * * *", zone = "Europe/Berlin", missed = Missed.ALL, name = "nightly")
                static void night() {}
                @Task @Schedule(every = "5m") static void often(TaskContext context) {}
                @Task(name = "report") @Schedule(cron = "@daily") static void daily() {}
                static class Inner {
                    @Task @Schedule(every = "1h") public void run() {}
                }
            }\
            """))
                .containsExactly(
                        declared("Inner.run", "app.Jobs$Inner.run", "", 3_600_000, "", "ONCE"),
                        declared("Jobs.often", "app.Jobs.often", "", 300_000, "", "ONCE"),
                        declared("nightly", "app.Jobs.night", "0 3 * * *", 0, "Europe/Berlin", "ALL"),
                        declared("report", "report", "@daily", 0, "", "ONCE"));
    }

    @Test
    void severalOnOneMethod() throws Exception {
        assertThat(scan("""
            class Jobs {
                @Task
                @Schedule(cron = "0 3 * * *", name = "night")
                @Schedule(every = "5m", name = "often", missed = Missed.SKIP)
                static void clean() {}
            }\
            """))
                .containsExactly(
                        declared("night", "app.Jobs.clean", "0 3 * * *", 0, "", "ONCE"),
                        declared("often", "app.Jobs.clean", "", 300_000, "", "SKIP"));
    }

    private static ScheduleDeclaration declared(
            String name, String task, String cron, long every, String zone, String missed) {
        return new ScheduleDeclaration(name, task, "", cron, every, zone, missed, "", true);
    }

    @ParameterizedTest
    @MethodSource
    void isRefusedWithPlaceAndFix(String annotations, String error) throws Exception {
        String source = "class Jobs { " + annotations + " }";
        DeclarationException failure = catchThrowableOfType(DeclarationException.class, () -> scan(source));
        assertThat(failure.errors())
                .singleElement()
                .asString()
                .startsWith("app.Jobs.a: @Schedule ")
                .contains(error);
    }

    static List<Arguments> isRefusedWithPlaceAndFix() {
        return List.of(
                wrong("@Task @Schedule static void a() {}", "says no time; give it a cron expression or an interval"),
                wrong(
                        "@Task @Schedule(cron = \"@daily\", every = \"5m\") static void a() {}",
                        "sets both cron = \"@daily\" and every = \"5m\"; keep one of them"),
                wrong(
                        "@Task @Schedule(cron = \"61 * * * *\") static void a() {}",
                        "cron = \"61 * * * *\" cannot be used: the minute '61' must be *, or from 0 to 59"),
                wrong(
                        "@Task @Schedule(cron = \"@daily\", zone = \"Europe/Berln\") static void a() {}",
                        "there is no time zone 'Europe/Berln'"),
                wrong(
                        "@Task @Schedule(every = \"5m\", zone = \"Europe/Berlin\") static void a() {}",
                        "sets zone = \"Europe/Berlin\", which an interval does not have; leave it out"),
                wrong(
                        "@Task @Schedule(every = \"often\") static void a() {}",
                        "every = \"often\" must be a duration such as 200ms, 5s, 1m or 2h"),
                wrong(
                        "@Task @Schedule(every = \"1500ms\") static void a() {}",
                        "every = \"1500ms\" cannot be used: an interval of 1500 ms is not legal; it has whole seconds"),
                wrong("@Schedule(every = \"5m\") static void a() {}", "stands on a method that is no task"),
                wrong(
                        "@Task @Schedule(every = \"5m\") static void a(long id, TaskContext context, String to) {}",
                        "cannot pass the parameters (long, String); schedule it in the configuration instead"),
                wrong(
                        "@Task @Schedule(every = \"5m\", name = \"a b\") static void a() {}",
                        "name = \"a b\" must be 1 to 40 letters"),
                wrong(
                        "@Task @Schedule(every = \"5m\", name = \"" + "x".repeat(41) + "\") static void a() {}",
                        "must be 1 to 40 letters"),
                wrong(
                        "@Task @Schedule(every = \"5m\") @Schedule(every = \"7m\") static void a() {}",
                        "has the name 'Jobs.a', which another one has too; give each of them a name of its own"));
    }

    private static Arguments wrong(String annotations, String error) {
        return Arguments.of(annotations, error);
    }
}
