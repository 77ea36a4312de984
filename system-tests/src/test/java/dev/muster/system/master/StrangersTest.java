package dev.muster.system.master;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.os.ProcStat;
import dev.muster.os.ProcessTable;
import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Orphaning;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Ended processes that nobody else collects become children of the master, which collects them: as process 1 of a
/// container, and as the subreaper that it is elsewhere.
@Timeout(120)
@Tag("long")
class StrangersTest {
    private static final List<String> AS_FIRST = List.of("unshare", "--pid", "--fork", "--mount-proc");

    @TempDir
    Path directory;

    @Test
    void aSubreaperCollectsThem() {
        try (RunningApp app =
                RunningApp.of(Orphaning.class, directory).packed(Ledger.class).start()) {
            assertCollected(app, app.masterPid());
            Patience.await("the processes of main")
                    .until(() -> !Ledger.texts(directory, "api").isEmpty());
            assertThat(Ledger.texts(directory, "api")).containsExactly("0 wrong");
            assertThat(Ledger.texts(directory, "orphans")).containsOnly("0");
        }
    }

    @Test
    void soDoesProcessOneWhichStopsInOrderOnTerm() throws IOException {
        org.junit.jupiter.api.Assumptions.assumeTrue(
                new ProcessBuilder("unshare", "--pid", "--fork", "--mount-proc", "true")
                                .start()
                                .onExit()
                                .join()
                                .exitValue()
                        == 0,
                "a pid namespace of its own needs the right to make one");
        RunningApp app =
                RunningApp.of(Orphaning.class, directory).packed(Ledger.class).prefix(AS_FIRST.toArray(String[]::new));
        try (app) {
            app.start();
            long first = onlyChild(app.masterPid());
            assertCollected(app, first);
            assertThat(Ledger.read(directory, "orphans"))
                    .as("numbered in a namespace of their own")
                    .allMatch(entry -> entry.pid() < first);

            app.signal("TERM", first);

            assertThat(app.awaitExit()).as(app::output).isZero();
            assertThat(app.output()).contains("Orphaner");
        }
    }

    /// Many have ended, and none of them stays.
    private void assertCollected(RunningApp app, long master) {
        Patience.await("some orphans")
                .until(() -> Ledger.read(directory, "orphans").size() >= 10);
        app.awaitOutput("ended processes whose parents had left them");
        Set<Integer> once = zombiesOf(master);
        Patience.await("none of them is left").until(() -> {
            Set<Integer> now = new HashSet<>(zombiesOf(master));
            now.retainAll(once);
            return now.isEmpty();
        });
        assertThat(zombiesOf(master)).as("they do not pile up").hasSizeLessThan(10);
    }

    private static Set<Integer> zombiesOf(long master) {
        Set<Integer> zombies = new HashSet<>();
        ProcessTable.all().forEach((pid, stat) -> {
            if (stat.ppid() == master && stat.zombie()) {
                zombies.add(pid);
            }
        });
        return zombies;
    }

    private static long onlyChild(long parent) {
        Map<Integer, ProcStat> all = ProcessTable.all();
        return all.entrySet().stream()
                .filter(entry -> entry.getValue().ppid() == parent)
                .findFirst()
                .orElseThrow()
                .getKey();
    }
}
