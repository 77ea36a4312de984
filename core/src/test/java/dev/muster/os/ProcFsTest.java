package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProcFsTest {
    private static final long SELF = ProcessHandle.current().pid();

    @Test
    void tellsMemoryAndProcessorTime() {
        ProcStat stat = ProcFs.stat(SELF).orElseThrow();
        assertThat(stat.rssBytes()).isGreaterThan(20L << 20);
        assertThat(ProcFs.pssBytes(SELF).orElseThrow()).isBetween(10L << 20, stat.rssBytes() * 2);
        assertThat(stat.cpuMillis()).isPositive();
        assertThat(stat.threads()).isGreaterThan(5);
    }

    @Test
    void tellsCommandLineAndEnvironment() {
        Map<String, String> environment = Map.of("MUSTER_TOKEN", "a=b", "XMUSTER_TOKEN", "no");
        List<String> argv = List.of("sleep", "60.0");
        try (Child child = Child.start(Path.of("/bin/sleep"), argv, environment, Path.of("/"), false)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(ProcFs.cmdline(child.pid)).isEqualTo(argv));
            assertThat(ProcFs.environment(child.pid, "MUSTER_TOKEN")).hasValue("a=b");
            assertThat(ProcFs.environment(child.pid, "TOKEN")).isEmpty();
        }
    }

    @Test
    void answersNothingAboutAProcessThatIsGone() {
        int pid;
        try (Child child = Child.sh("exit 0")) {
            pid = child.pid;
        }
        assertThat(ProcFs.stat(pid)).isEmpty();
        assertThat(ProcFs.cmdline(pid)).isEmpty();
        assertThat(ProcFs.environment(pid, "PATH")).isEmpty();
        assertThat(ProcFs.pssBytes(pid)).isEmpty();
        assertThat(ProcFs.evidence(pid)).isEqualTo("process " + pid + " is gone\n");
    }

    @Nested
    class Lines {
        @Test
        void countFromTheLastParenthesis() {
            ProcStat stat = ProcStat.parse("812 (a) R 9 (b) S 1 812 700 0 -1 4194304 1 2 3 4 50 7 0 0 20 0 23 0 4711 "
                    + "999999 100 18446744073709551615 1");
            assertThat(stat).isEqualTo(new ProcStat("a) R 9 (b", 'S', 1, 812, 700, 57, 23, 4711, 100));
            assertThat(stat.cpuMillis()).isEqualTo(570);
        }

        @Test
        void thatAreNoneAreRefused() {
            assertThatThrownBy(() -> ProcStat.parse("812")).isInstanceOf(IllegalArgumentException.class);
            assertThat(ProcStat.field("812 (a) S 1", 48)).isEqualTo(-1);
        }
    }

    @Nested
    class Identities {
        @Test
        void areOfOneLife() {
            Identity self = Identity.self();
            assertThat(self.pid()).isEqualTo(SELF);
            assertThat(self.alive()).isTrue();
            assertThat(new Identity(SELF, self.startTime() + 1).alive()).isFalse();
        }

        @Test
        void ofAStoppedProcessAreAliveAndOfAZombieAreNot() {
            try (Child child = Child.sleep()) {
                Identity identity = Identity.of(child.pid).orElseThrow();
                assertThat(Signals.send(child.pid, Signals.STOP)).isTrue();
                awaitState(child.pid, 'T');
                assertThat(identity.alive()).isTrue();
                assertThat(Signals.send(child.pid, Signals.KILL)).isTrue();
                awaitState(child.pid, 'Z');
                assertThat(identity.alive()).isFalse();
                assertThat(Identity.of(child.pid)).hasValue(identity);
            }
        }
    }

    @Nested
    class EvidenceText {
        @Test
        void ofAStoppedVirtualMachineComesAtOnce() {
            try (Child child = Child.jvm("title", "x")) {
                assertThat(child.line()).isEqualTo("set true");
                assertThat(Signals.send(child.pid, Signals.STOP)).isTrue();
                awaitState(child.pid, 'T');
                long start = System.nanoTime();
                String evidence = ProcFs.evidence(child.pid);
                assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
                assertThat(evidence)
                        .startsWith("process " + child.pid + " (x): stopped by a signal (T), waits in ")
                        .contains("parent " + SELF + ", group " + child.pid)
                        .contains("SigCgt: ")
                        .containsPattern("\\d+ threads, \\d+ descriptors")
                        .containsPattern("thread \\d+ T cpu \\d+\\.\\d\\d s .*");
            }
        }

        @Test
        void ofManyThreadsIsBounded() throws Exception {
            List<Thread> threads = IntStream.range(0, 200)
                    .mapToObj(i -> Thread.ofPlatform().daemon().unstarted(LockSupport::park))
                    .toList();
            threads.forEach(Thread::start);
            String evidence = ProcFs.evidence(SELF);
            assertThat(evidence).contains(" more threads used less").hasSizeLessThan(16 << 10);
            for (Thread thread : threads) {
                LockSupport.unpark(thread);
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static void awaitState(long pid, char state) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .until(() -> ProcFs.stat(pid).orElseThrow().state() == state);
    }
}
