package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.muster.os.ControlGroups;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ticking;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A limit on memory. The control groups of this machine belong to others: here the master sees directories that only
/// look like them, in a mount namespace of its own, and the test does in them what the kernel would do. The processes
/// and their deaths are real.
@Timeout(60)
@Tag("long")
class MemoryLimitTest {
    @TempDir
    Path directory;

    @Test
    void aProcessThatTheKernelKillsForMemoryDiesAsOutOfMemory() throws IOException {
        String place = ControlGroups.detect().describe(ControlGroups.MEMORY);
        assumeTrue(place.contains(": version "), place);
        Path group = Path.of(place.substring(place.indexOf('/')));
        try (RunningApp app = RunningApp.of(Ticking.class, directory)
                .packed(Ledger.class)
                .prefix(onPaper(group).toArray(String[]::new))
                .set("resources.user.memory", "300MiB")
                .start()) {
            Path seen = Path.of("/proc/" + app.masterPid() + "/root" + group);
            long ticker = app.pid("Ticker");
            Path own = groupOf(seen, ticker);
            assertThat(
                            own.resolve("memory.limit_in_bytes").toFile().exists()
                                    ? own.resolve("memory.limit_in_bytes")
                                    : own.resolve("memory.max"))
                    .hasContent(Long.toString(300L << 20));

            // Without a kill by the kernel it is an ordinary SIGKILL.
            long neighbour = app.kill9("Neighbour");
            assertThat(app.awaitDeath("Neighbour").get("reason").asString()).isEqualTo("SIGNAL");
            app.awaitReplaced("Neighbour", neighbour);

            // The container as a whole has no memory left: one more kill in the group that all share.
            writeKills(seen, 1);
            app.kill9("Neighbour");
            assertThat(app.awaitDeath("Neighbour", 2).get("reason").asString()).isEqualTo("OOM");

            writeKills(own, 1);
            app.signal("KILL", ticker);

            var death = app.awaitDeath("Ticker");
            assertThat(death.get("reason").asString()).as(death::toString).isEqualTo("OOM");
            assertThat(death.get("signal").asInt()).isEqualTo(9);
            app.awaitReplaced("Ticker", ticker);
        }
    }

    @Test
    void whereThereIsNoGroupTheStartSaysSoAndGoesOn() {
        List<String> none = List.of(
                "unshare", "--mount", "sh", "-c", "mount -t tmpfs -o ro none /sys/fs/cgroup && exec \"$@\"", "sh");
        assumeTrue(mountable(), "a mount namespace of its own needs the right to make one");
        try (RunningApp app = RunningApp.of(Ticking.class, directory)
                .packed(Ledger.class)
                .prefix(none.toArray(String[]::new))
                .set("resources.user.memory", "300MiB")
                .set("resources.user.pids", "200")
                .start()) {
            assertThat(app.output())
                    .containsPattern(
                            "WARN .* resources.user.memory cannot be kept: .*; the processes run without that limit")
                    .containsPattern("WARN .* resources.user.pids cannot be kept: ");
        }
    }

    private static void writeKills(Path group, int kills) throws IOException {
        for (String file : List.of("memory.oom_control", "memory.events")) {
            Path _ = Files.writeString(group.resolve(file), "oom_kill " + kills + "\n");
        }
    }

    private static boolean mountable() {
        try {
            return new ProcessBuilder("unshare", "--mount", "true")
                            .start()
                            .onExit()
                            .join()
                            .exitValue()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> onPaper(Path group) {
        String script = "mount -t tmpfs none /sys/fs/cgroup && mkdir -p '" + group + "' && cd '" + group
                + "' && echo memory > cgroup.controllers && : > cgroup.procs && : > cgroup.subtree_control"
                + " && cd \"$OLDPWD\" && exec \"$@\"";
        assumeTrue(mountable(), "a mount namespace of its own needs the right to make one");
        return List.of("unshare", "--mount", "sh", "-c", script, "sh");
    }

    private static Path groupOf(Path place, long pid) throws IOException {
        try (Stream<Path> groups = Files.list(place)) {
            for (Path group : (Iterable<Path>) groups::iterator) {
                Path members = group.resolve("cgroup.procs");
                if (Files.isDirectory(group)
                        && Files.exists(members)
                        && Files.readString(members).equals(Long.toString(pid))) {
                    return group;
                }
            }
        }
        throw new AssertionError("no group of process " + pid + " in " + place);
    }
}
