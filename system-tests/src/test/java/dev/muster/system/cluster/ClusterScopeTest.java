package dev.muster.system.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ledger.Entry;
import dev.muster.system.apps.Moving;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A user process of the scope CLUSTER on two nodes that share a store.
@Timeout(240)
@Tag("long")
class ClusterScopeTest {
    /// What the documentation promises.
    private static final Duration TAKEN_OVER = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private RunningApp node(String name) throws IOException {
        return RunningApp.of(Moving.class, Files.createDirectory(directory.resolve(name)))
                .packed(Ledger.class)
                .set("tasks.sqlite.file", directory.resolve("queue.db").toString());
    }

    private static int runs(RunningApp node) {
        return Ledger.read(node.directory(), "runs").size();
    }

    private static void awaitFurtherRuns(RunningApp node) {
        int before = runs(node);
        Patience.await("further runs of " + node.directory()).until(() -> runs(node) > before + 4);
    }

    private static void awaitBegin(RunningApp node, int before, long since) {
        Patience.await("its first run there").until(() -> runs(node) > before);
        long first = Ledger.read(node.directory(), "runs").get(before).nanos();
        assertThat(Duration.ofNanos(first - since)).isLessThan(TAKEN_OVER);
    }

    @Test
    void worksOnOneNodeAndMovesWhenThatIsGone() throws IOException {
        try (RunningApp one = node("one").start()) {
            awaitFurtherRuns(one);
            try (RunningApp two = node("two").start()) {
                two.awaitState("Leader", "RUNNING");
                awaitFurtherRuns(one);
                assertThat(runs(two)).as("it stands by").isZero();

                // The process alone dies: it stays where it was.
                long killed = one.kill9("Leader");
                one.awaitReplaced("Leader", killed);
                awaitFurtherRuns(one);
                assertThat(runs(two)).isZero();

                // Frozen past its lease: the other takes over, and it must not go on when it is thawed.
                long frozen = one.pid("Leader");
                one.signal("STOP", one.masterPid());
                one.signal("STOP", frozen);
                long since = System.nanoTime();
                awaitBegin(two, 0, since);
                int before = runs(one);
                one.signal("CONT", frozen);
                one.signal("CONT", one.masterPid());
                // Frozen in a run it ends and is replaced, frozen between two it only stands by.
                one.awaitState("Leader", "RUNNING");
                awaitFurtherRuns(two);
                assertThat(runs(one))
                        .as("at most the end of the run in which it was frozen")
                        .isLessThanOrEqualTo(before + 1);

                // An orderly end hands it over without waiting for the lease.
                int ofOne = runs(one);
                long stopped = System.nanoTime();
                assertThat(two.stop()).isZero();
                awaitBegin(one, ofOne, stopped);
                assertNeverTwo(one, two);
            }
        }
    }

    /// Runs of different tokens never overlap, and a token belongs to one node.
    private static void assertNeverTwo(RunningApp one, RunningApp two) {
        List<Entry> all = new ArrayList<>(Ledger.read(one.directory(), "runs"));
        all.addAll(Ledger.read(two.directory(), "runs"));
        all.sort(Comparator.comparingLong(Entry::nanos));
        long token = 0;
        for (Entry entry : all) {
            long its = Long.parseLong(entry.text().substring(entry.text().indexOf(' ') + 1));
            if (entry.text().startsWith("begin")) {
                assertThat(its).as("tokens of runs that begin, %s", entry).isGreaterThanOrEqualTo(token);
                token = its;
            }
        }
        assertThat(token).as("it has moved").isPositive();
        assertThat(Ledger.read(one.directory(), "runs").stream()
                        .map(Entry::text)
                        .distinct())
                .doesNotContainAnyElementsOf(Ledger.read(two.directory(), "runs").stream()
                        .map(Entry::text)
                        .distinct()
                        .toList());
    }
}
