package dev.muster.system.reload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.Message;
import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// New code with other schedules.
@Timeout(240)
@Tag("long")
class ReloadedScheduleTest {
    private static final String OLD = """
        @Task(name = "old") @Schedule(every = "1s")
        public static void old() {
            Ledger.note("runs", "%V old");
        }
        """;

    /// A task that only the new code knows: no worker of the old code may be given one.
    private static final String NEW = """
        @Task(name = "fresh") @Schedule(every = "1s")
        public static void fresh() {
            Ledger.note("runs", "%V fresh");
        }
        """;

    @TempDir
    Path directory;

    private void await(String line, int times) {
        Patience.await(times + " times " + line)
                .until(() -> Ledger.texts(directory, "runs").stream()
                                .filter(line::equals)
                                .count()
                        >= times);
    }

    @Test
    void theSchedulesOfTheNewCodeAreServedAndThoseOfTheOldOneNoMore() {
        RunningApp app = RunningApp.ofJar(ShopCode.MAIN, directory).set("tasks.workers", "2");
        ShopCode.version(1).with(OLD).into(app.jar());
        try (app) {
            app.start();
            await("1 old", 2);
            ShopCode.version(2).with(NEW).into(app.jar());
            Message.Reply reply = app.reload("");
            assertThat(reply.exitCode()).as(reply.body()).isZero();
            await("2 fresh", 3);
            assertThat(app.why("task#1") + app.why("task#2")).contains("it serves the schedules fresh of the");
            ShopCode.version(3).with(OLD, NEW).into(app.jar());
            assertThat(app.reload("").exitCode()).isZero();
            await("3 old", 2);
            await("3 fresh", 2);
        }
    }

    @Test
    void aScheduleThatCannotBeUsedIsRefusedAndTheOldOnesGoOn() {
        RunningApp app = RunningApp.ofJar(ShopCode.MAIN, directory).set("tasks.workers", "1");
        ShopCode.version(1).with(OLD).into(app.jar());
        try (app) {
            app.start();
            await("1 old", 1);
            ShopCode.version(2)
                    .with(OLD.replace("every = \"1s\"", "cron = \"99 * * * *\""))
                    .into(app.jar());
            Message.Reply reply = app.reload("");
            assertThat(reply.exitCode()).isEqualTo(78);
            assertThat(reply.body())
                    .contains("@Schedule cron = \"99 * * * *\" cannot be used: the minute '99' must be *, or from 0"
                            + " to 59");
            await("1 old", 3);
        }
    }
}
