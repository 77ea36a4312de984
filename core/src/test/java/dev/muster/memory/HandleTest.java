package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

@Timeout(30)
@ResourceLock("shared memory of this JVM")
class HandleTest {
    private static @Nullable MemoryDirectory leaveMeanwhile;

    @Test
    void theEndOfTheApplicationWhileARegionIsFoundLeavesNothingOfItBehind() {
        Handle<String> handle = new Handle<>(RegionKind.TABLE, "users", HandleTest::find);
        try (Application first = Application.start()) {
            leaveMeanwhile = first.directory;
            assertThatExceptionOfType(MemoryException.class)
                    .isThrownBy(handle::get)
                    .withMessageContaining("cannot use the table users")
                    .withMessageContaining("has ended meanwhile");
            assertThatExceptionOfType(MemoryException.class)
                    .isThrownBy(handle::get)
                    .withMessageContaining("no application of Muster runs");
        }
        leaveMeanwhile = null;
        try (Application second = Application.start()) {
            assertThat(handle.get()).isEqualTo("users in " + second.directory);
        }
        assertThatExceptionOfType(MemoryException.class).isThrownBy(handle::get);
    }

    private static String find(MemoryDirectory directory, String name) {
        MemoryDirectory ending = leaveMeanwhile;
        if (ending != null) {
            SharedMemory.leave(ending);
        }
        return name + " in " + directory;
    }
}
