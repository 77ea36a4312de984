package dev.muster.os;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SpawnerTest {
    private static final Path SH = Path.of("/bin/sh");
    private static final Path ROOT = Path.of("/");

    @TempDir
    Path dir;

    @Test
    void reportsTheExitCode() {
        try (Child child = Child.sh("exit 7")) {
            assertThat(child.end()).isEqualTo(new ExitStatus(7, 0)).hasToString("exit code 7");
        }
    }

    @Test
    void reportsTheSignal() {
        try (Child child = Child.sh("kill -KILL $$")) {
            assertThat(child.end()).isEqualTo(new ExitStatus(-1, Signals.KILL)).hasToString("SIGKILL");
        }
    }

    @Test
    void hasAGroupOfItsOwnInTheSessionOfTheCaller() {
        try (Child child = Child.sleep()) {
            ProcStat stat = ProcFs.stat(child.pid).orElseThrow();
            ProcStat own = ProcFs.stat(ProcessHandle.current().pid()).orElseThrow();
            assertThat(stat.pgrp()).isEqualTo(child.pid);
            assertThat(stat.ppid()).isEqualTo(ProcessHandle.current().pid());
            assertThat(stat.session()).isEqualTo(own.session());
        }
    }

    @Test
    void hasASessionOfItsOwnIfAsked() {
        try (Child child = Child.start(Path.of("/bin/sleep"), List.of("sleep", "60"), Map.of(), ROOT, true)) {
            ProcStat stat = ProcFs.stat(child.pid).orElseThrow();
            assertThat(stat.session()).isEqualTo(child.pid);
            assertThat(stat.pgrp()).isEqualTo(child.pid);
        }
    }

    @Test
    void noOtherDescriptorIsPassedOn() throws Exception {
        // The JDK opens files without close-on-exec: this one would be seen in the child.
        try (FileChannel _ = FileChannel.open(Files.createFile(dir.resolve("f")), StandardOpenOption.READ);
                Child child = Child.sh("exec ls /proc/self/fd")) {
            // 3 is the directory that ls itself reads.
            assertThat(child.output().lines()).containsExactly("0", "1", "2", "3");
        }
    }

    @Test
    void standardInputIsEmpty() {
        String probe = Child.shellLine("spawn", "readlink /proc/self/fd/0; read line || echo end");
        try (Child child = Child.sh("echo something | " + probe)) {
            assertThat(child.output().lines()).containsExactly("/dev/null", "end");
        }
    }

    @Test
    void standardInputIsTheDescriptorThatWasHandedOver() {
        int[] pipe = Fd.pipe();
        try (Child child = Child.shReading(pipe[0], "read line; echo $line; ls /proc/self/fd | wc -l")) {
            int _ = Fd.write(
                    pipe[1],
                    ByteBuffer.allocateDirect(4).put("abc\n".getBytes(US_ASCII)).flip());
            assertThat(child.line()).isEqualTo("abc");
            assertThat(child.line())
                    .as("0 to 2, and the directory that ls reads")
                    .isEqualTo("4");
        } finally {
            Fd.close(pipe[0]);
            Fd.close(pipe[1]);
        }
    }

    @Test
    void standardInputMayBeThatOfTheCaller() {
        String probe = Child.shellLine("spawnReading", "read line; echo $line");
        try (Child child = Child.sh("echo something | " + probe)) {
            assertThat(child.output()).isEqualTo("something\n");
        }
    }

    @Test
    void outputAndErrorsGoTheirOwnWays() {
        try (Child child = Child.sh("echo out; echo err >&2")) {
            assertThat(child.output()).isEqualTo("out\n");
            assertThat(child.errors()).isEqualTo("err\n");
        }
    }

    @Test
    void theCallersOwnOutputAndErrorsMayBeSwapped() {
        try (Child child = Child.jvm("spawnSwapped", "echo out; echo err >&2")) {
            assertThat(child.output()).isEqualTo("err\n");
            assertThat(child.errors()).isEqualTo("out\n");
        }
    }

    @Test
    void noSignalIsBlockedThoughTheCallerBlocksOne() {
        Probe.block(Signals.HUP, true);
        try (Child child = Child.sh("exec grep SigBlk /proc/self/status")) {
            assertThat(child.output()).isEqualTo("SigBlk:\t0000000000000000\n");
        } finally {
            Probe.block(Signals.HUP, false);
        }
    }

    @Test
    void noSignalIsIgnoredThoughTheCallerIgnoresSome() {
        String probe = Child.shellLine("spawn", "exec grep SigIgn /proc/self/status");
        try (Child child = Child.sh("trap '' HUP USR1; exec " + probe)) {
            assertThat(child.output()).isEqualTo("SigIgn:\t0000000000000000\n");
        }
    }

    @Test
    void getsTheNameDirectoryAndEnvironmentThatWereAskedFor() {
        Map<String, String> environment = Map.of("WORD", "a b=ü");
        try (Child child =
                Child.start(SH, List.of("a name", "-c", "pwd; echo $0; exec /usr/bin/env"), environment, dir, false)) {
            assertThat(child.line()).isEqualTo(dir.toString());
            assertThat(child.line()).isEqualTo("a name");
            assertThat(child.output().lines()).contains("WORD=a b=ü").noneMatch(l -> l.startsWith("HOME="));
        }
    }

    @Test
    void whatCannotBeStartedIsReportedWithItsNameAndReason() {
        Path missing = dir.resolve("missing");
        assertThatThrownBy(() -> Child.start(missing, List.of("x"), Map.of(), ROOT, false))
                .isInstanceOfSatisfying(
                        NativeException.class, e -> assertThat(e.errno()).isEqualTo(2))
                .hasMessage("posix_spawn(" + missing + " in /) failed: No such file or directory");
        assertThatThrownBy(() -> Child.start(SH, List.of("sh"), Map.of(), missing, false))
                .isInstanceOf(NativeException.class)
                .hasMessageContaining("in " + missing);
        assertThatThrownBy(() -> Child.start(dir, List.of("x"), Map.of(), ROOT, false))
                .hasMessageEndingWith("Permission denied");
    }

    @Test
    void refusesVirtualThreads() {
        CompletableFuture<Integer> spawned = new CompletableFuture<>();
        Thread _ = Thread.ofVirtual().start(() -> {
            try (Child child = Child.sleep()) {
                spawned.complete(child.pid);
            } catch (IllegalStateException e) {
                spawned.completeExceptionally(e);
            }
        });
        assertThatThrownBy(spawned::join).hasMessageContaining("use a permanent platform thread");
    }

    @Test
    void refusesRequestsThatCannotWork() {
        assertThatThrownBy(() -> request(Path.of("sh"), List.of("sh"), Map.of(), 1))
                .hasMessageContaining("absolute");
        assertThatThrownBy(() -> request(SH, List.of(), Map.of(), 1)).hasMessageContaining("first is its name");
        assertThatThrownBy(() -> request(SH, List.of("sh"), Map.of(), -1)).hasMessageContaining("must be open");
        assertThatThrownBy(() -> Spawner.spawn(request(SH, List.of("a\0b"), Map.of(), 1)))
                .hasMessageContaining("NUL");
        assertThatThrownBy(() -> Spawner.spawn(request(SH, List.of("a"), Map.of("A=B", "c"), 1)))
                .hasMessageContaining("'A=B' cannot be the name");
    }

    private static SpawnRequest request(Path program, List<String> argv, Map<String, String> environment, int fd) {
        return new SpawnRequest(program, argv, environment, ROOT, fd, fd, false);
    }
}
