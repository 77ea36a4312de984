package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SignalsTest {
    @Test
    void namesAndNumbers() {
        assertThat(Signals.name(Signals.KILL)).isEqualTo("SIGKILL");
        assertThat(Signals.name(Signals.WINCH)).isEqualTo("SIGWINCH");
        assertThat(Signals.name(31)).isEqualTo("SIGSYS");
        assertThat(Signals.name(34)).isEqualTo("SIGRT34");
        assertThat(Signals.name(0)).isEqualTo("SIG0");
        assertThat(Signals.name(77)).isEqualTo("signal 77");
        assertThat(Signals.number("sigterm")).isEqualTo(Signals.TERM);
        assertThat(Signals.number("TTOU")).isEqualTo(Signals.TTOU);
        assertThatThrownBy(() -> Signals.number("TREM")).hasMessageContaining("there is no signal 'TREM'");
    }

    @Test
    void sendReachesOneProcess() {
        try (Child child = Child.sleep()) {
            assertThat(Signals.send(child.pid, 0)).isTrue();
            assertThat(Signals.send(child.pid, Signals.TERM)).isTrue();
            assertThat(child.end().signal()).isEqualTo(Signals.TERM);
            assertThat(Signals.send(child.pid, Signals.TERM)).as("gone").isFalse();
        }
    }

    @Test
    void sendGroupReachesTheChildrenOfTheChild() {
        try (Child child = Child.sh("sleep 60 & echo $!; sleep 60 & echo $!; wait")) {
            Identity first = Identity.of(Long.parseLong(child.line())).orElseThrow();
            Identity second = Identity.of(Long.parseLong(child.line())).orElseThrow();
            assertThat(Signals.sendGroup(child.pid, Signals.KILL)).isTrue();
            assertThat(child.end().signal()).isEqualTo(Signals.KILL);
            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !first.alive() && !second.alive());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 0, -1, -812, 1L << 31, Long.MIN_VALUE})
    void refusesWhatMeansOtherProcesses(long pid) {
        assertThatThrownBy(() -> Signals.send(pid, 0)).hasMessageContaining("refused to signal process " + pid);
        assertThatThrownBy(() -> Signals.sendGroup(pid, 0))
                .hasMessageContaining("refused to signal process group " + pid);
    }

    @Test
    void aHandlerRunsEachTimeAndTheLastOneCounts() throws Exception {
        CountDownLatch second = new CountDownLatch(1);
        Signals.handle("WINCH", () -> {});
        Signals.handle("SIGWINCH", second::countDown);
        assertThat(Signals.send(ProcessHandle.current().pid(), Signals.WINCH)).isTrue();
        assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"QUIT", "ILL", "FPE", "SEGV", "KILL", "STOP", "USR2", "BUS", "PIPE"})
    void refusesWhatTheVirtualMachineOrTheKernelKeeps(String name) {
        assertThatThrownBy(() -> Signals.handle(name, () -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot handle SIG" + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RTMIN", "RT34", "34", ""})
    void refusesRealTimeSignalsAndNonsense(String name) {
        assertThatThrownBy(() -> Signals.handle(name, () -> {})).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsWhatWasInheritedAsIgnored() {
        try (Child child = Child.sh("trap '' HUP; exec " + Child.shellLine("ignored"))) {
            assertThat(child.output()).isEqualTo("true false\n");
        }
    }
}
