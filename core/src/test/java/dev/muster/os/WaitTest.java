package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WaitTest {
    private static final int ECHILD = 10;

    @Test
    void aRunningChildGivesNothing() {
        try (Child child = Child.sleep()) {
            assertThat(Wait.tryReap(child.pid)).isEmpty();
        }
    }

    @Test
    void aChildIsCollectedOnce() {
        try (Child child = Child.sh("exit 255")) {
            assertThat(child.end()).isEqualTo(new ExitStatus(255, 0));
            assertThatThrownBy(() -> Wait.tryReap(child.pid))
                    .isInstanceOfSatisfying(
                            NativeException.class, e -> assertThat(e.errno()).isEqualTo(ECHILD));
        }
    }

    @Test
    void theChildrenOfTheJdkKeepTheirStatus() throws Exception {
        Process other = new ProcessBuilder("/bin/sh", "-c", "exit 5").start();
        try (Child child = Child.sh("exit 6")) {
            assertThat(child.end().code()).isEqualTo(6);
        }
        assertThat(other.waitFor()).isEqualTo(5);
    }

    @Test
    void neverWaitsForAnyChild() {
        assertThatThrownBy(() -> Wait.tryReap(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Wait.tryReap(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Nested
    class Descriptors {
        @Test
        void endWakesThePollerBeforeTheChildIsCollected() {
            try (Child child = Child.sleep();
                    Pidfd pidfd = Pidfd.open(child.pid);
                    Poller poller = new Poller()) {
                poller.add(pidfd.fd(), Poller.IN, child.pid);
                assertThat(poller.poll(Duration.ZERO, (_, _) -> {})).isZero();
                assertThat(pidfd.signal(Signals.TERM)).isTrue();
                long[] ended = {0};
                assertThat(poller.poll(Duration.ofSeconds(20), (key, _) -> ended[0] = key))
                        .isEqualTo(1);
                assertThat(ended[0]).isEqualTo(child.pid);
                assertThat(child.end()).isEqualTo(new ExitStatus(-1, Signals.TERM));
                assertThat(pidfd.signal(Signals.TERM)).as("gone").isFalse();
            }
        }

        @Test
        void aProcessThatIsGoneCannotBeOpened() {
            int pid;
            try (Child child = Child.sh("exit 0")) {
                pid = child.pid;
            }
            assertThatThrownBy(() -> Pidfd.open(pid))
                    .isInstanceOf(NativeException.class)
                    .hasMessage("pidfd_open(" + pid + ") failed: No such process");
        }

        @Test
        void aClosedOneRefuses() {
            try (Child child = Child.sleep()) {
                Pidfd pidfd = Pidfd.open(child.pid);
                pidfd.close();
                pidfd.close();
                assertThatThrownBy(() -> pidfd.signal(Signals.KILL)).isInstanceOf(IllegalStateException.class);
                assertThat(Wait.tryReap(child.pid)).isEmpty();
            }
        }
    }

    @Nested
    class Statuses {
        @Test
        void areTakenApart() {
            assertThat(ExitStatus.ofWait(768)).isEqualTo(new ExitStatus(3, 0));
            assertThat(ExitStatus.ofWait(0xff00)).isEqualTo(new ExitStatus(255, 0));
            assertThat(ExitStatus.ofWait(9)).isEqualTo(new ExitStatus(-1, 9));
            assertThat(ExitStatus.ofWait(0x80 | 6)).as("with a core file").isEqualTo(new ExitStatus(-1, 6));
        }

        @Test
        void areOneOfTheTwo() {
            assertThat(new ExitStatus(-1, 9).signaled()).isTrue();
            assertThat(new ExitStatus(0, 0).signaled()).isFalse();
            assertThatThrownBy(() -> new ExitStatus(3, 9)).isInstanceOf(IllegalArgumentException.class);
            assertThat(ExitStatus.UNKNOWN).isEqualTo(new ExitStatus(-1, 0)).hasToString("exit status unknown");
            assertThatThrownBy(() -> new ExitStatus(256, 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
