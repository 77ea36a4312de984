package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Role;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What `muster why` says.
@Timeout(10)
class WhyTest {
    private History app = History.of(Role.TASK, 1, 1, Recycling.NONE);

    private String why(int slot) {
        return Why.of(app.state(), slot, app.now());
    }

    @Test
    void onTheWayUp() {
        assertThat(why(0)).isEqualTo("group#0 is SPAWNING for 0 ms: the system was asked for a process");
        app.hear(new Event.Spawned(app.now(), 1, 101));
        assertThat(why(0)).contains("is STARTING", "the process must say its first word within 30000 ms");
        app.hear(new Event.Greeted(app.now(), 1));
        assertThat(why(0)).contains("is BOOTING", "it must be ready within 60000 ms");
        app.hear(new Event.BecameReady(app.now(), 1));
        assertThat(why(0)).contains("is READY", "it must take up its work within");
        app.takeUp();
        assertThat(why(0)).isEqualTo("group#0 is RUNNING for 0 ms: it works, or waits for work");
    }

    @Test
    void aSpareAndAPausedProcess() {
        app.settle();
        assertThat(why(1)).contains("is READY", "it waits to take over a process of group");
        app.hear(new Event.PauseSet(app.now(), "group", true));
        assertThat(why(0)).contains("is RUNNING", "it is paused: it takes up no work until muster resume group");
        app.hear(new Event.Quieted(app.now(), 1));
        assertThat(why(0)).contains("is READY", "it is given no work");
    }

    @Test
    void oneThatIsToldToEndWithTheOrder() {
        app.settle();
        app.hear(new Event.RestartSlot(app.now(), 0));
        assertThat(why(0)).contains("is DRAINING", "it was told to finish its work within 30000 ms (ordered: RESTART)");
        app.pass(History.LIMITS.drain() > 0 ? Duration.ofNanos(History.LIMITS.drain()) : Duration.ZERO);
        assertThat(why(0)).contains("is TERMINATING", "it was sent SIGTERM or ends by itself");
        app.hear(new Event.KillSlot(app.now(), 0));
        // The spare has its place.
        assertThat(why(0)).contains("pid 101, which had its place, is KILLING (ordered: KILL)");
    }

    @Test
    void oneThatHangsWithTheCause() {
        app = History.of(Role.USER, 1, 0, Recycling.NONE);
        app.settle();
        app.observe(1, 1, app.now(), 5);
        assertThat(why(0)).contains("is STUCK", "it hangs, evidence is being taken, it is killed within", "(task t is");
        app.hear(new Event.EvidenceTaken(app.now(), 1));
        assertThat(why(0)).contains("is KILLING for 0 ms: it was sent SIGKILL (task t is");
        app.pass(Duration.ofMillis(History.LIMITS.kill() / 1_000_000 + 500));
        assertThat(why(0)).contains("pid 101, which had its place, is UNKILLABLE");
    }

    @Test
    void silence() {
        app = History.of(Role.USER, 1, 0, Recycling.NONE);
        app.settle();
        int half = History.LIMITS.silentObservations() / 2;
        for (int i = 0; i <= half; i++) {
            app.observe(1, 1, 0, 0);
        }
        assertThat(why(0)).contains("is SUSPECT", half + " observations have shown no beat");
    }

    @Test
    void deathsAndWhatFollowsThem() {
        app = History.of(Role.TASK, 1, 0, Recycling.NONE);
        app.settle();
        for (int i = 1; i < Backoff.INTENSITY; i++) {
            app.exit(i, 1, 0, 0);
            if (i > 1) {
                assertThat(why(0)).contains("is BACKOFF", "the next process is spawned in");
                assertThat(why(0)).contains(i + " deaths in a row without finished work, " + i + " of them");
            }
            app.pass(Duration.ofSeconds(2));
            app.settle();
        }
        app.exit(Backoff.INTENSITY, 1, 0, 0);
        assertThat(why(0))
                .contains("is QUARANTINE", "it died too often; the next try is in", "muster restart tries at once");
    }

    @Test
    void anEmptySlotAndTheEnd() {
        app.settle();
        app.hear(new Event.StopSlot(app.now(), 0));
        app.exit(1, 0, 0, 1);
        assertThat(why(0))
                .contains("is STOPPED", "it was stopped by an order, by scaling, or by its own restart policy (ALWAYS)")
                .contains("muster restart starts it");
        app.hear(new Event.StopAll(app.now(), false));
        assertThat(why(0)).contains("the application is STOPPING");
    }

    @Test
    void aReloadTheHeirAndTheGeneration() {
        app = History.of(Role.USER, 1, 0, Recycling.NONE);
        app.settle();
        app.hear(new Event.Reload(app.now(), 2, ""));
        assertThat(why(0)).contains("a reload is under way");
        assertThat(why(0)).contains("its replacement (pid 0, generation 2) is SPAWNING");
        app.boot(2);
        assertThat(why(0)).contains("is DRAINING", "(pid 102, generation 2) is READY");
        app.exit(1, 0, 0, 1);
        app.settle();
        assertThat(why(0)).isEqualTo("group#0 is RUNNING for 0 ms: it works, or waits for work");
    }

    @Test
    void aReloadThatIsBeingUndone() {
        app = History.of(Role.TASK, 2, 0, Recycling.NONE);
        app.settle();
        app.hear(new Event.Reload(app.now(), 2, ""));
        app.boot(3);
        app.takeUp();
        app.exit(1, 0, 0, 1);
        assertThat(why(1)).contains("its replacement (pid 0, generation 2) is SPAWNING");
        app.exit(4, 1, 0, 0);
        assertThat(why(0)).contains("a reload is being undone: group#1 did not become ready with the new code");
    }

    @Test
    void memoryAndALimitThatCannotBeKept() {
        app = History.of(Role.TASK, 1, 0, new Recycling(0, 0, 1_000, 0));
        app.settle();
        app.hear(new Event.Measured(app.now(), 1, 2_000, 3));
        assertThat(why(0))
                .contains("private memory 2000 bytes (2000 when it had booted), its collector used 3 % of a processor")
                .contains("it is not recycled by memory: the limit of 1000 bytes lies under");
    }
}
