package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Where a process stands, read from files as different machines have them.
@Timeout(20)
class ControlGroupsTest {
    private static final String VERSION_1_GROUPS = """
        9:name=systemd:/
        8:pids:/
        4:memory:/jobs/17
        2:cpu,cpuacct:/
        0::/
        """;
    private static final String VERSION_1_MOUNTS = """
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
        39 31 0:36 / /sys/fs/cgroup/pids rw,relatime shared:3 - cgroup cgroup rw,pids
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
        """;

    @TempDir
    private Path directory;

    @Test
    void version1HasADirectoryForEachController() {
        ControlGroups groups = ControlGroups.of(VERSION_1_GROUPS, VERSION_1_MOUNTS, _ -> true);
        assertThat(groups.place("pids")).hasValue(new ControlGroups.Place(1, Path.of("/sys/fs/cgroup/pids")));
        assertThat(groups.place("memory"))
                .hasValue(new ControlGroups.Place(1, Path.of("/sys/fs/cgroup/memory/jobs/17")));
        assertThat(groups.missing("pids")).isEmpty();
        assertThat(groups.describe("pids")).isEqualTo("pids: version 1 in /sys/fs/cgroup/pids");
    }

    @Test
    void aGroupThatCannotBeWrittenIsNamed() {
        ControlGroups groups = ControlGroups.of(VERSION_1_GROUPS, VERSION_1_MOUNTS, path -> !path.endsWith("17"));
        assertThat(groups.missing("pids")).isEmpty();
        assertThat(groups.missing("memory")).hasValue("/sys/fs/cgroup/memory/jobs/17 cannot be written by this user");
    }

    @Test
    void aContainerSeesItsOwnGroupAsTheMount() {
        String mounts = "50 40 0:36 /docker/abc /sys/fs/cgroup/pids ro - cgroup cgroup rw,pids\n";
        assertThat(ControlGroups.of("8:pids:/docker/abc\n", mounts, _ -> true).place("pids"))
                .hasValue(new ControlGroups.Place(1, Path.of("/sys/fs/cgroup/pids")));
        assertThat(ControlGroups.of("8:pids:/docker/abc/x\n", mounts, _ -> true).place("pids"))
                .hasValue(new ControlGroups.Place(1, Path.of("/sys/fs/cgroup/pids/x")));
        assertThat(ControlGroups.of("8:pids:/elsewhere\n", mounts, _ -> true).place("pids"))
                .hasValue(new ControlGroups.Place(1, Path.of("/sys/fs/cgroup/pids")));
    }

    @Test
    void version2HasWhatWasGivenToTheGroup() throws IOException {
        Path own = Files.createDirectories(directory.resolve("app.service"));
        Path _ = Files.writeString(own.resolve("cgroup.controllers"), "cpu pids\n");
        String mounts = "30 23 0:26 / " + directory + " rw - cgroup2 cgroup2 rw,nsdelegate\n";
        ControlGroups groups = ControlGroups.of("0::/app.service\n", mounts, _ -> true);
        assertThat(groups.place("pids")).hasValue(new ControlGroups.Place(2, own));
        assertThat(groups.missing("pids")).isEmpty();
        assertThat(groups.missing("memory"))
                .hasValue("the control group " + own + " has no controller memory (cgroup.controllers)");

        ControlGroups foreign = ControlGroups.of("0::/app.service\n", mounts, path -> path.equals(own));
        assertThat(foreign.missing("pids")).hasValue(own.resolve("cgroup.procs") + " cannot be written by this user");
    }

    @Test
    void aMachineWithoutAnySaysSo() {
        ControlGroups groups = ControlGroups.of("", "", _ -> true);
        assertThat(groups.describe("pids")).isEqualTo("pids: no control groups with the controller pids are mounted");
        assertThat(groups.memoryKills()).isZero();
    }

    @Test
    void killsForMemoryAreCounted() throws IOException {
        Path file = directory.resolve("memory.oom_control");
        assertThat(ControlGroups.count(file, "oom_kill")).isZero();
        Path _ = Files.writeString(file, "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
        assertThat(ControlGroups.count(file, "oom_kill")).isEqualTo(3);
    }
}
