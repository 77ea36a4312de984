package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.os.Fd;
import dev.muster.os.Identity;
import dev.muster.os.ProcFs;
import dev.muster.os.ProcStat;
import dev.muster.os.SpawnRequest;
import dev.muster.os.Spawner;
import dev.muster.os.Wait;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/// Which ended children are collected, and when, on an invented clock: the children are real.
@Timeout(60)
// It collects whatever child of this JVM has ended.
@Isolated
class StrangersTest {
    private static final long FIRST = 1_000;
    private static final long DUE = FIRST + Strangers.GRACE.toNanos();

    private final List<String> notes = new ArrayList<>();
    private int output;
    private int zombie;

    @BeforeEach
    void makeAZombie() {
        output = Fd.duplicate(1, 3);
        zombie = Spawner.spawn(
                new SpawnRequest(Path.of("/bin/true"), List.of("true"), Map.of(), Path.of("/"), output, output, false));
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> ProcFs.stat(zombie).filter(ProcStat::zombie).isPresent());
    }

    @AfterEach
    void collect() {
        Fd.close(output);
        if (Identity.of(zombie).isPresent()) {
            assertThat(Wait.tryReap(zombie)).isPresent();
        }
    }

    private boolean there() {
        return Identity.of(zombie).isPresent();
    }

    @Test
    void whoeverElseMayCollectItHasTimeTo() {
        Strangers strangers = new Strangers(_ -> false, notes::add);
        strangers.look(FIRST);
        assertThat(there()).as("seen for the first time").isTrue();
        strangers.look(DUE - 1);
        assertThat(there()).as("not yet").isTrue();
        strangers.look(DUE);
        assertThat(there()).isFalse();
        assertThat(notes)
                .containsExactly("collected 1 ended processes whose parents had left them, the last true (pid " + zombie
                        + "); 1 since the start");
    }

    @Test
    void ourOwnAreNeverCollectedHere() {
        Strangers strangers = new Strangers(pid -> pid == zombie, notes::add);
        strangers.look(FIRST);
        strangers.look(DUE);
        assertThat(there()).isTrue();
    }

    @Test
    void whatWeHaveKilledIsCollectedAtOnce() {
        Strangers strangers = new Strangers(_ -> false, notes::add);
        strangers.killed(Set.of(Identity.of(zombie).orElseThrow()));
        strangers.look(FIRST);
        assertThat(there()).isFalse();
        strangers.look(FIRST + 1);
        assertThat(strangers.dying()).isEmpty();
        assertThat(notes).isEmpty();
    }
}
