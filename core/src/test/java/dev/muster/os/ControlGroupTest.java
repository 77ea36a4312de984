package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Groups of our own: what is written where, in directories that only look like control groups, and what the kernel
/// makes of it, where this machine lets us.
@Timeout(60)
class ControlGroupTest {
    private static final long MIB = 1 << 20;
    private static final String NAME = "muster-test-" + ProcessHandle.current().pid();

    @Nested
    class OnPaper {
        @TempDir
        private Path directory;

        @Test
        void version1LimitsEachControllerInItsOwnDirectory() throws IOException {
            Path pids = Files.createDirectory(directory.resolve("pids"));
            Path memory = Files.createDirectory(directory.resolve("memory"));
            ControlGroups groups = ControlGroups.of(
                    "8:pids:/\n4:memory:/\n",
                    mount("cgroup", "pids", pids) + mount("cgroup", "memory", memory),
                    _ -> true);

            ControlGroup group = ControlGroup.make(groups, "g", 70, 64 * MIB);
            group.add(4711);

            assertThat(pids.resolve("g/pids.max")).hasContent("70");
            assertThat(pids.resolve("g/cgroup.procs")).hasContent("4711");
            assertThat(memory.resolve("g/memory.limit_in_bytes")).hasContent("67108864");
            assertThat(memory.resolve("g/cgroup.procs")).hasContent("4711");
            Path _ = Files.writeString(memory.resolve("g/memory.oom_control"), "oom_kill_disable 0\noom_kill 2\n");
            assertThat(group.memoryKills()).isEqualTo(2);
            assertThat(ControlGroup.named(groups, "g").stream().map(ControlGroup::name))
                    .containsExactly("g", "g");
        }

        @Test
        void version2GivesControllersAndMovesTheMasterAside() throws IOException {
            Path own = Files.createDirectory(directory.resolve("own"));
            Path _ = Files.writeString(own.resolve("cgroup.controllers"), "cpu memory pids\n");
            Path _ = Files.writeString(own.resolve("cgroup.type"), "domain\n");
            ControlGroups groups = ControlGroups.of("0::/own\n", mount("cgroup2", "rw", directory), _ -> true);

            ControlGroup group = ControlGroup.make(groups, "g", 70, 64 * MIB);

            assertThat(own.resolve("muster-master/cgroup.procs"))
                    .hasContent(Long.toString(ProcessHandle.current().pid()));
            assertThat(own.resolve("cgroup.subtree_control")).hasContent("+pids +memory");
            assertThat(own.resolve("g/pids.max")).hasContent("70");
            assertThat(own.resolve("g/memory.max")).hasContent("67108864");
            Path _ = Files.writeString(own.resolve("g/memory.events"), "low 0\noom 1\noom_kill 1\n");
            assertThat(group.memoryKills()).isEqualTo(1);
        }

        @Test
        void whatIsNotThereCannotBeLimited() {
            ControlGroups groups = ControlGroups.of("", "", _ -> true);
            assertThatThrownBy(() -> ControlGroup.make(groups, "g", 70, 0)).hasMessageContaining("controller pids");
        }

        private static String mount(String type, String options, Path at) {
            return "30 23 0:26 / " + at + " rw - " + type + " " + type + " rw," + options + "\n";
        }
    }

    @Nested
    class InTheKernel {
        @Test
        void aGroupContainsAndKillsWhatIsInIt() throws IOException {
            ControlGroups groups = ControlGroups.detect();
            assumeTrue(groups.missing(ControlGroups.PIDS).isEmpty(), () -> groups.describe(ControlGroups.PIDS));
            ControlGroup group = ControlGroup.make(groups, NAME, 40, 0);
            int[] input = Fd.pipe();
            try (Child child =
                    Child.shReading(input[0], "read _; setsid sh -c 'sleep 60 & sleep 60' & sleep 60; exit")) {
                group.add(child.pid);
                assertThat(group.processes()).containsExactly((long) child.pid);
                assertThat(group.remove()).as("in use").isFalse();

                // The end of its input: now it has children, one of them in a session of its own.
                Fd.close(input[1]);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> group.processes().size() >= 4);
                assertThat(group.kill()).isGreaterThanOrEqualTo(4);
                assertThat(child.end()).isEqualTo(new ExitStatus(-1, Signals.KILL));
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> group.kill() == 0);
            } finally {
                Fd.close(input[0]);
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(group::remove);
            }
            assertThat(ControlGroup.named(groups, NAME)).isEmpty();
        }

        @Test
        void noMoreProcessesThanAllowedCanBeStarted() throws IOException {
            ControlGroups groups = ControlGroups.detect();
            assumeTrue(groups.missing(ControlGroups.PIDS).isEmpty(), () -> groups.describe(ControlGroups.PIDS));
            ControlGroup group = ControlGroup.make(groups, NAME, 8, 0);
            Path events =
                    groups.place(ControlGroups.PIDS).orElseThrow().directory().resolve(NAME + "/pids.events");
            String bomb = "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 60 & done; wait";
            try (Child child = Child.sh("kill -STOP $$; " + bomb)) {
                group.add(child.pid);
                Awaitility.await()
                        .atMost(Duration.ofSeconds(20))
                        .until(() -> ProcFs.stat(child.pid).orElseThrow().state() == 'T');
                assertThat(Signals.send(child.pid, Signals.CONT)).isTrue();
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> ControlGroups.count(events, "max") > 0);
                assertThat(group.processes()).hasSizeBetween(7, 8);
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> group.kill() == 0);
                assertThat(group.processes()).isSubsetOf((long) child.pid);
            } finally {
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(group::remove);
            }
        }
    }
}
