package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LeavingTest {
    @Test
    void exitRunsNoHookAndGivesItsCode() {
        try (Child child = Child.jvm("exit", "70")) {
            assertThat(child.line()).isEqualTo("ready");
            assertThat(Signals.send(child.pid, Signals.USR1)).isTrue();
            assertThat(child.end()).isEqualTo(new ExitStatus(70, 0));
            assertThat(child.output()).isEmpty();
        }
    }

    @Nested
    class ParentsDeath {
        @Test
        void endsTheChild() {
            try (Child master = Child.jvm("master")) {
                String spawned = master.line();
                Identity grandchild = Identity.of(Long.parseLong(spawned.substring("spawned ".length())))
                        .orElseThrow();
                assertThat(master.line()).isEqualTo("tied true");
                assertThat(grandchild.alive()).isTrue();
                // Only the master: the grandchild has a group of its own.
                assertThat(Signals.send(master.pid, Signals.KILL)).isTrue();
                assertThat(master.end().signal()).isEqualTo(Signals.KILL);
                Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !grandchild.alive());
            }
        }

        @Test
        void thatHappenedBeforeIsNoticed() {
            try (Child child = Child.jvm("dieWith", "999999999")) {
                assertThat(child.line()).isEqualTo("tied false");
            }
        }
    }

    @Nested
    class Replacement {
        @Test
        void keepsThePidAndPassesOnNothingButTheStandardStreams() {
            // Only what is built in before the mask is shown: a shell that has waited for a command has cleared it.
            String mask = "while read key value; do [ $key = SigBlk: ] && echo $value; done < /proc/self/status";
            String script = "echo $$; echo $WORD; " + mask + "; ls /proc/self/fd; exit 9";
            try (Child child = Child.jvm("exec", "/bin/sh", script)) {
                assertThat(child.line()).isEqualTo(Integer.toString(child.pid));
                assertThat(child.line()).isEqualTo(Integer.toString(child.pid));
                assertThat(child.line()).isEqualTo("from exec");
                assertThat(child.line()).isEqualTo("0000000000000000");
                assertThat(child.output().lines()).containsExactly("0", "1", "2", "3");
                assertThat(child.end()).isEqualTo(new ExitStatus(9, 0));
            }
        }

        @Test
        void thatFailsThrowsAndTheProgramGoesOn() {
            Path missing = Path.of("/nowhere/sh");
            try (Child child = Child.jvm("exec", missing.toString(), "")) {
                assertThat(child.line()).isEqualTo(Integer.toString(child.pid));
                assertThat(child.output())
                        .endsWith("NativeException: execve(/nowhere/sh) failed: No such file or directory\n");
                assertThat(child.end()).isEqualTo(new ExitStatus(0, 0));
            }
        }
    }
}
