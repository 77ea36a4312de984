package dev.muster.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/// A disk of its own for a test, so small that it can be filled.
public final class SmallDisk implements AutoCloseable {
    private final Path place;

    private SmallDisk(Path place) {
        this.place = place;
    }

    /// Mounts it, or skips the test where that is not allowed.
    ///
    /// @param size as `mount` takes it, for example `2m`
    public static SmallDisk mount(Path place, String size) {
        SmallDisk disk = mountIfAllowed(place, size).orElse(null);
        assumeTrue(disk != null, "a disk of its own needs the right to mount one");
        return Objects.requireNonNull(disk);
    }

    /// Mounts it, or makes nothing but the directory where that is not allowed.
    ///
    /// @param size as `mount` takes it, for example `2m`
    public static Optional<SmallDisk> mountIfAllowed(Path place, String size) {
        try {
            Path _ = Files.createDirectory(place);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", place.toString()) == 0
                ? Optional.of(new SmallDisk(place))
                : Optional.empty();
    }

    /// Leaves no more room than this, also while others write.
    ///
    /// @param bytes rounded up to whole pages
    public void leave(long bytes) throws IOException {
        FileStore store = Files.getFileStore(place);
        int tries = 0;
        // It is refused if more has been written since it was asked.
        while (!remount("size=" + (store.getTotalSpace() - store.getUnallocatedSpace() + bytes))) {
            assertThat(++tries).as("tries to leave %d bytes", bytes).isLessThan(50);
        }
    }

    /// Mounts it again with other options.
    public void change(String options) {
        assertThat(remount(options)).as("remounted with %s", options).isTrue();
    }

    private boolean remount(String options) {
        return run("mount", "-o", "remount," + options, place.toString()) == 0;
    }

    /// Where it is.
    public Path place() {
        return place;
    }

    /// Takes it away. A native library that this virtual machine has loaded from it holds it until the end.
    @Override
    public void close() {
        assertThat(run("umount", "--lazy", place.toString())).isZero();
    }

    private static int run(String... command) {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }
}
