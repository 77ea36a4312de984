package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class InlineLockTest {
    @TempDir
    Path directory;

    @Test
    void excludesAnotherOneAndARunLock() throws Exception {
        Path file = directory.resolve("lock");
        try (InlineLock _ = InlineLock.tryAcquire(file).orElseThrow()) {
            assertThat(InlineLock.tryAcquire(file)).isEmpty();
            assertThat(RunLock.tryAcquire(file))
                    .as("also after the attempt before")
                    .isEmpty();
        }
        try (InlineLock _ = InlineLock.tryAcquire(file).orElseThrow()) {
            assertThat(RunLock.holder(file)).contains(ProcessHandle.current().pid());
        }
        assertThat(RunLock.holder(file)).isEmpty();
    }

    @Test
    void isExcludedByARunLock() throws Exception {
        Path file = directory.resolve("lock");
        try (RunLock _ = RunLock.tryAcquire(file).orElseThrow()) {
            assertThat(InlineLock.tryAcquire(file)).isEmpty();
        }
    }
}
