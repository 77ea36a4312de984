package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/// Children, those of others that become ours, and limits that they inherit.
@Timeout(60)
// It looks at all descendants of this JVM.
@Isolated
class DescendantsTest {
    @Test
    void ownChildrenAreListedUntilTheyAreCollected() {
        int pid;
        try (Child child = Child.sleep()) {
            pid = child.pid;
            assertThat(ProcessTable.ownChildren()).contains(pid);
            assertThat(ProcessTable.all().get(pid).ppid())
                    .isEqualTo(ProcessHandle.current().pid());
            assertThat(Signals.send(pid, Signals.KILL)).isTrue();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(Wait::anyEnded);
            assertThat(ProcessTable.ownChildren()).as("a zombie").contains(pid);
        }
        assertThat(ProcessTable.ownChildren()).doesNotContain(pid);
    }

    @Test
    void aSignalReachesOneProcessAndNoSuccessor() {
        try (Child child = Child.sleep()) {
            Identity identity = Identity.of(child.pid).orElseThrow();
            Identity former = new Identity(child.pid, identity.startTime() - 1);
            assertThat(Pidfd.signal(former, Signals.KILL)).isFalse();
            assertThat(identity.alive()).isTrue();
            assertThat(Pidfd.signal(identity, Signals.KILL)).isTrue();
            assertThat(child.end()).isEqualTo(new ExitStatus(-1, Signals.KILL));
            assertThat(Pidfd.signal(identity, Signals.KILL)).isFalse();
        }
    }

    @Test
    void aSubreaperIsGivenOrphans() {
        try (Child child = Child.jvm("subreaper")) {
            assertThat(child.line()).isEqualTo("none ended");
            assertThat(child.line()).isEqualTo("an orphan came, ended, and was collected with exit code 5");
        }
    }

    @Test
    void openFilesAreLimitedForTheProcessAndWhatItStarts() {
        try (Child child = Child.jvm("openFiles", "200")) {
            assertThat(child.line()).isEqualTo("[200, 200] of which at most 200");
            assertThat(child.line()).isEqualTo("200");
        }
    }

    @Test
    void theOomScoreIsRaisedToAThousandAtMost() {
        try (Child child = Child.jvm("oomScore")) {
            int before = Integer.parseInt(child.line());
            assertThat(child.line()).isEqualTo(Integer.toString(Math.min(1000, before + 300)));
            assertThat(child.line()).isEqualTo("1000");
        }
    }

    @Test
    void theLowestPriorityIsTheOwnOneWithoutTheRight() {
        Path setpriv = Path.of("/usr/bin/setpriv");
        List<String> words = List.of("setpriv", "--bounding-set=-sys_nice", "--inh-caps=-sys_nice");
        boolean root = "root".equals(System.getProperty("user.name"));
        if (root && setpriv.toFile().canExecute()) {
            assertThat(Priority.lowest()).isEqualTo(-20);
            String script = String.join(" ", words) + " nice -n 3 " + Child.shellLine("lowestPriority");
            try (Child child = Child.start(
                    Path.of("/bin/sh"),
                    List.of("sh", "-c", script),
                    Map.copyOf(Child.environment()),
                    Path.of("/"),
                    false)) {
                assertThat(Integer.parseInt(child.line())).isGreaterThanOrEqualTo(3);
            }
        } else {
            assertThat(Priority.lowest()).isBetween(-20, 19);
        }
    }
}
