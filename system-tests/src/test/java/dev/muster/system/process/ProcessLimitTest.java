package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.os.ControlGroups;
import dev.muster.os.ProcFs;
import dev.muster.os.ProcessTable;
import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Multiplying;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A limit on processes and threads, kept by a control group of the kernel.
@Timeout(120)
class ProcessLimitTest {
    private static final int LIMIT = 90;

    @TempDir
    Path directory;

    @BeforeEach
    void needsAGroup() {
        ControlGroups groups = ControlGroups.detect();
        assumeTrue(groups.missing(ControlGroups.PIDS).isEmpty(), () -> groups.describe(ControlGroups.PIDS));
    }

    @Test
    @Tag("long")
    void aForkBombIsContainedAndAProcessWithoutThreadsEnds() {
        try (RunningApp app = RunningApp.of(Multiplying.class, directory)
                .packed(Ledger.class)
                .set("resources.user.pids", Integer.toString(LIMIT))
                .start()) {
            // No more threads: the process ends as one without memory does.
            assertOutOfMemory(app, "Threads");
            assertOutOfMemory(app, "Uncaught");

            // The bomb fills its group, and nobody else's.
            long bomb = app.pid("Bomb");
            Patience.await("the bomb has hit its limit").until(() -> bits() > LIMIT / 3);
            assertThat(bits()).isLessThan(LIMIT);
            int runs = Ledger.texts(directory, "neighbour").size();
            Patience.await("the neighbour goes on")
                    .until(() -> Ledger.texts(directory, "neighbour").size() > runs + 5);

            app.signal("KILL", bomb);
            Patience.await("it is collected")
                    .until(() -> app.deaths().stream()
                            .anyMatch(death -> death.get("pid").asLong() == bomb));
            assertThat(bits()).as("all of it has ended").isZero();
            app.awaitReplaced("Bomb", bomb);

            assertThat(app.stop()).isZero();
            assertThat(groupsOf(app)).as("control groups left").isZero();
        }
    }

    /// A boot that was too slow for a busy machine is another matter.
    private static void assertOutOfMemory(RunningApp app, String name) {
        Patience.await(name + " dies for want of threads")
                .until(() -> app.deaths().stream()
                        .anyMatch(death -> death.get("name").asString().equals(name)
                                && death.get("reason").asString().equals("OOM")
                                && death.get("code").asInt() == 3));
        app.awaitState(name, "RUNNING");
    }

    /// The processes that the bomb consists of.
    private static long bits() {
        return ProcessTable.all().keySet().stream()
                .filter(pid -> {
                    var words = ProcFs.cmdline(pid);
                    return words.size() == 3 && words.get(2).startsWith("b() {")
                            || words.equals(java.util.List.of("sleep", "1000"));
                })
                .count();
    }

    private static long groupsOf(RunningApp app) {
        return dev.muster.os.ControlGroup.named(ControlGroups.detect(), "muster-").stream()
                .filter(group -> group.name().contains("." + app.masterPid() + "."))
                .count();
    }
}
