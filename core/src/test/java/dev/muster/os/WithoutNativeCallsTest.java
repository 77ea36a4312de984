package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// This package in degraded mode, in a virtual machine that denies native access.
@Tag("degraded-only")
@Timeout(60)
class WithoutNativeCallsTest {
    @TempDir
    Path dir;

    @Test
    void theReasonIsNamed() {
        assertThat(Natives.available()).isFalse();
        assertThat(Natives.degraded()).isEqualTo("native calls are switched off (muster.native=off)");
        assertThat(Natives.warning())
                .startsWith("degraded mode, because " + Natives.degraded())
                .contains("docs/operate/degraded.md");
    }

    @Test
    void whatAProcessPrintsIsReadToItsEnd() {
        String script = "head -c 300000 /dev/zero | tr '\\0' x; printf err >&2; exit 3";
        try (Child child = Child.sh(script)) {
            assertThat(child.output()).isEqualTo("x".repeat(300_000));
            assertThat(child.errors()).isEqualTo("err");
            assertThat(child.end()).isEqualTo(new ExitStatus(3, 0));
        }
    }

    @Test
    void aProcessIsCollectedOnce() {
        try (Child child = Child.sh("exit 255")) {
            assertThat(child.end()).isEqualTo(new ExitStatus(255, 0));
            assertThatThrownBy(() -> Wait.tryReap(child.pid)).hasMessageContaining("No child processes");
        }
    }

    @Test
    void theSignalThatEndedAProcessIsTold() {
        for (int signal : new int[] {Signals.KILL, Signals.TERM}) {
            try (Child child = Child.sleep()) {
                assertThat(Signals.send(child.pid, signal)).isTrue();
                assertThat(child.end()).isEqualTo(new ExitStatus(-1, signal));
                assertThat(Signals.send(child.pid, signal)).isFalse();
            }
        }
    }

    @Test
    void codesAboveThoseOfSignalsStayCodes() {
        assertThat(PlainChildren.status(128)).isEqualTo(new ExitStatus(128, 0));
        assertThat(PlainChildren.status(129)).isEqualTo(new ExitStatus(-1, 1));
        assertThat(PlainChildren.status(159)).isEqualTo(new ExitStatus(-1, 31));
        assertThat(PlainChildren.status(160)).isEqualTo(new ExitStatus(160, 0));
    }

    @Test
    void itsDescendantsAreKilledWithIt() {
        try (Child child = Child.sh("sleep 60 & echo $!; wait")) {
            long grandchild = Long.parseLong(child.line());
            assertThat(Signals.sendGroup(child.pid, Signals.KILL)).isTrue();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> Identity.of(grandchild).filter(Identity::alive).isEmpty());
        }
    }

    @Test
    void whatHasNoCounterpartSaysSo() {
        assertThat(Signals.canSend(Signals.QUIT)).isFalse();
        assertThat(Signals.canSend(Signals.KILL)).isTrue();
        try (Child child = Child.sleep()) {
            assertThatThrownBy(() -> Signals.send(child.pid, Signals.STOP))
                    .isInstanceOf(UnsupportedOperationException.class)
                    .hasMessageContaining("cannot send SIGSTOP to process " + child.pid)
                    .hasMessageContaining(Natives.degraded());
        }
        assertThatThrownBy(() -> Affinity.set(0))
                .hasMessageContaining("cannot bind this process to the processors [0]");
        assertThatThrownBy(() -> Priority.set(5)).hasMessageContaining("cannot set the nice value 5");
        assertThatThrownBy(() -> SdNotify.to("/run/nobody"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("cannot send datagrams to the service manager");
        assertThat(MemoryTrim.release()).isFalse();
        assertThat(Affinity.online()).isPositive();
    }

    @Test
    void thePeersUserIsKnownAndItsProcessIsNot() throws Exception {
        Path path = dir.resolve("s");
        int listening = UnixSocket.listen(path, 1);
        try (SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            boolean _ = client.connect(UnixDomainSocketAddress.of(path));
            int connection = UnixSocket.accept(listening);
            Peer peer = UnixSocket.peer(connection);
            assertThat(peer.pid()).isEqualTo(Peer.UNKNOWN);
            assertThat(peer.uid()).isEqualTo(Files.getAttribute(path, "unix:uid"));
            Fd.close(connection);
        } finally {
            Fd.close(listening);
        }
    }

    @Test
    void thePageSizeIsThatOfTheMachine() {
        try (Child child = Child.sh("getconf PAGESIZE")) {
            assertThat(ProcFs.pageSize()).isEqualTo(Long.parseLong(child.line()));
        }
    }

    @Test
    void aProcessIsKnownWithoutProcToo() {
        try (Child child = Child.sleep()) {
            ProcStat stat = ProcFs.withoutProc(ProcessHandle.of(child.pid).orElseThrow());
            assertThat(stat.comm()).isEqualTo("sleep");
            assertThat(stat.ppid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(stat.startTime())
                    .isEqualTo(ProcFs.withoutProc(ProcessHandle.of(child.pid).orElseThrow())
                            .startTime())
                    .isGreaterThan(ProcFs.withoutProc(ProcessHandle.current()).startTime());
        }
    }
}
