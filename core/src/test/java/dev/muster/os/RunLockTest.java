package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Tag("degraded")
@Timeout(30)
class RunLockTest {
    private static final long SELF = ProcessHandle.current().pid();

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void name() {
        file = dir.resolve("lock");
    }

    @Test
    void isHeldOnce() {
        RunLock lock = RunLock.tryAcquire(file).orElseThrow();
        assertThat(RunLock.tryAcquire(file)).isEmpty();
        lock.close();
        try (RunLock _ = RunLock.tryAcquire(file).orElseThrow()) {
            lock.close();
            assertThat(RunLock.tryAcquire(file))
                    .as("a second close frees nothing")
                    .isEmpty();
        }
    }

    @Test
    @Tag("native-only")
    void staysHeldWhenTheFileIsOpenedAndClosedInThisProcess() throws Exception {
        try (RunLock _ = RunLock.tryAcquire(file).orElseThrow()) {
            assertThat(Files.readString(file)).startsWith(Long.toString(SELF));
            assertThat(RunLock.holder(file)).hasValue(SELF);
            assertThat(RunLock.tryAcquire(file)).isEmpty();
            try (Child other = Child.jvm("lock", file.toString())) {
                assertThat(other.errors()).contains("NoSuchElementException");
            }
        }
    }

    @Test
    void ofAnotherProcessIsFreeAfterItsDeath() {
        try (Child other = Child.jvm("lock", file.toString())) {
            assertThat(other.line()).isEqualTo("locked");
            assertThat(RunLock.tryAcquire(file)).isEmpty();
            assertThat(RunLock.holder(file)).hasValue((long) other.pid);
            assertThat(Signals.send(other.pid, Signals.KILL)).isTrue();
            assertThat(other.end().signal()).isEqualTo(Signals.KILL);
            assertThat(RunLock.holder(file))
                    .as("the pid that is left in the file means nothing")
                    .isEmpty();
            RunLock.tryAcquire(file).orElseThrow().close();
        }
    }

    @Test
    void isNotPassedOnToChildren() {
        RunLock lock = RunLock.tryAcquire(file).orElseThrow();
        try (Child child = Child.sleep()) {
            lock.close();
            assertThat(RunLock.holder(file)).isEmpty();
            assertThat(Wait.tryReap(child.pid)).isEmpty();
        }
    }

    /// What the child of another thread has between its fork and its exec.
    @Test
    @Tag("native-only")
    void isFreeAfterItsCloseThoughACopyOfItsDescriptorIsOpen() throws Exception {
        RunLock lock = RunLock.tryAcquire(file).orElseThrow();
        int copy = Fd.duplicate(descriptor(), 100);
        try {
            lock.close();
            assertThat(RunLock.holder(file)).isEmpty();
            RunLock.tryAcquire(file).orElseThrow().close();
        } finally {
            Fd.close(copy);
        }
    }

    @Test
    void hasNoHolderWithoutAFileAndZeroIfNothingReadableIsInIt() throws Exception {
        assertThat(RunLock.holder(file)).isEmpty();
        try (RunLock _ = RunLock.tryAcquire(file).orElseThrow()) {
            Files.writeString(file, "nonsense");
            assertThat(RunLock.holder(file)).hasValue(0L);
        }
    }

    @Test
    @Tag("native-only")
    void saysWhichFileCannotBeOpened() {
        Path nowhere = dir.resolve("missing").resolve("lock");
        assertThatThrownBy(() -> RunLock.tryAcquire(nowhere))
                .isInstanceOf(NativeException.class)
                .hasMessage("open(" + nowhere + ") failed: No such file or directory");
    }

    private int descriptor() throws IOException {
        Path real = file.toRealPath();
        try (Stream<Path> own = Files.list(Path.of("/proc/self/fd"))) {
            return own.filter(fd -> real.equals(target(fd)))
                    .mapToInt(fd -> Integer.parseInt(fd.getFileName().toString()))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// What a descriptor shows; its own name if another thread has closed it in the meantime.
    private static Path target(Path fd) {
        try {
            return Files.readSymbolicLink(fd);
        } catch (IOException _) {
            return fd;
        }
    }
}
