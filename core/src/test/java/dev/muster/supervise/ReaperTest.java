package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Role;
import dev.muster.config.Settings;
import dev.muster.os.ExitStatus;
import dev.muster.os.Fd;
import dev.muster.os.Identity;
import dev.muster.os.Pidfd;
import dev.muster.os.ProcFs;
import dev.muster.os.ProcStat;
import dev.muster.os.SpawnRequest;
import dev.muster.os.Spawner;
import dev.muster.os.Wait;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

@Timeout(60)
// It collects whatever child of this JVM has ended.
@Isolated
class ReaperTest {
    private static final int SLOT = 4;
    private static final int LIFE = 2;

    @TempDir
    private Path directory;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private Reaper reaper;
    private int output;
    private volatile boolean failing;

    @BeforeEach
    void start() {
        Household household = Household.of(directory);
        ChildGroups groups = new ChildGroups(Settings.of(Map.of()), household, List.of(Role.USER), heard::add);
        reaper = new Reaper(household, groups, new Reaper.Listener() {
            @Override
            public void dead(int slot, int life, long pid) {
                if (failing) {
                    failing = false;
                    throw new IllegalStateException("a defect");
                }
                boolean zombie = ProcFs.stat(pid).map(ProcStat::zombie).orElse(false);
                heard.add("dead " + slot + " " + life + (zombie ? " and not collected" : ""));
            }

            @Override
            public void ended(int slot, int life, long pid, ExitStatus status, boolean outOfMemory) {
                boolean gone = Identity.of(pid).isEmpty();
                heard.add("ended " + slot + " " + life + (gone ? " and collected " : " ") + status + " " + outOfMemory);
            }

            @Override
            public void note(int slot, String text) {
                heard.add(text);
            }
        });
        reaper.start();
        output = Fd.duplicate(1, 3);
    }

    @AfterEach
    void close() {
        reaper.close();
        Fd.close(output);
    }

    private int spawn(String script) {
        int pid = spawnUnwatched(script);
        reaper.watch(SLOT, LIFE, pid, Pidfd.open(pid), Optional.empty(), () -> {});
        return pid;
    }

    private int spawnUnwatched(String script) {
        LifeMark mark = reaper.expect(SLOT, LIFE);
        return Spawner.spawn(new SpawnRequest(
                Path.of("/bin/sh"),
                List.of("sh", "-c", script),
                Map.of("PATH", "/bin:/usr/bin", LifeMark.VARIABLE, mark.text()),
                directory,
                output,
                output,
                false));
    }

    private void awaitHeard(String... lines) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(heard).containsExactly(lines));
    }

    @Test
    void aDeathIsToldBeforeTheProcessIsCollected() {
        int _ = spawn("exit 3");
        awaitHeard("dead 4 2 and not collected", "ended 4 2 and collected exit code 3 false");
    }

    @Test
    void whatSomebodyElseHasCollectedHasEndedAllTheSame() {
        int pid = spawnUnwatched("exit 3");
        Pidfd pidfd = Pidfd.open(pid);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> Wait.tryReap(pid).isPresent());
        reaper.watch(SLOT, LIFE, pid, pidfd, Optional.empty(), () -> {});
        awaitHeard("dead 4 2", "ended 4 2 and collected exit status unknown false");
        // The thread is still there for the next one.
        heard.clear();
        int _ = spawn("exit 4");
        awaitHeard("dead 4 2 and not collected", "ended 4 2 and collected exit code 4 false");
    }

    @Test
    void aDefectDoesNotEndTheThread() {
        failing = true;
        int _ = spawn("exit 5");
        awaitHeard(
                "internal error while the end of a process was noticed: java.lang.IllegalStateException: a defect;"
                        + " trying again",
                "ended 4 2 and collected exit code 5 false");
    }

    @Test
    void itKillsTheProcessAndItsGroup() {
        int pid = spawn("sleep 60 & sleep 60");
        reaper.kill(pid);
        awaitHeard("dead 4 2 and not collected", "ended 4 2 and collected SIGKILL false");
        // Nobody has this pid any more: nothing happens.
        reaper.kill(pid);
        reaper.terminate(pid);
    }
}
