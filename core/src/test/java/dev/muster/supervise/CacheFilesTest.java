package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.os.RunLock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class CacheFilesTest {
    @TempDir
    private Path directory;

    @Test
    void whatWasInstalledIsFound() throws IOException {
        CacheFiles files = new CacheFiles(directory);
        Path made = Files.writeString(files.unfinished("archive"), "cache");
        Path cache = files.install(made, "key");
        assertThat(files.find("key")).contains(cache);
        assertThat(files.find("ke")).isEmpty();
        assertThat(made).doesNotExist();
    }

    @Test
    void aDamagedFileIsNoCacheAndGoes() throws IOException {
        CacheFiles files = new CacheFiles(directory);
        Path cache = files.install(Files.writeString(files.unfinished("archive"), "cache"), "key");
        Files.writeString(cache, "cachf");
        assertThat(files.find("key")).isEmpty();
        assertThat(cache).doesNotExist();
    }

    @Test
    void oneAtATimeMakesAndClearsUpAfterADeadOne() throws IOException {
        CacheFiles files = new CacheFiles(directory);
        Path left = Files.writeString(files.unfinished("archive"), "half");
        try (RunLock lock = files.maker().orElseThrow()) {
            assertThat(lock).isNotNull();
            assertThat(left).doesNotExist();
            assertThat(new CacheFiles(directory).maker()).isEmpty();
        }
        try (RunLock lock = files.maker().orElseThrow()) {
            assertThat(lock).isNotNull();
        }
    }

    @Test
    void theOldestGoWhenThereAreTooMany() throws IOException {
        CacheFiles files = new CacheFiles(directory);
        Path oldest = sparse("a-1.jsa", 1);
        Path older = sparse("b-1.jsa", 2);
        Path cache = files.install(Files.writeString(files.unfinished("archive"), "cache"), "key");
        assertThat(oldest).doesNotExist();
        assertThat(older).exists();
        assertThat(cache).exists();
    }

    private Path sparse(String name, int day) throws IOException {
        Path file = directory.resolve(name);
        try (RandomAccessFile long300 = new RandomAccessFile(file.toFile(), "rw")) {
            long300.setLength(CacheFiles.MOST_BYTES * 3 / 5);
        }
        Files.setLastModifiedTime(file, FileTime.fromMillis(day * 86_400_000L));
        return file;
    }
}
