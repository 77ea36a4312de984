package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Settings of a process for all of its threads.
@Timeout(30)
class OwnProcessTest {
    @Test
    void affinityBindsEveryThread() {
        try (Child child = Child.jvm("affinity", "0")) {
            assertThat(child.output()).isEqualTo("0\n");
        }
    }

    @Test
    void affinityRefusesProcessorsThatCannotBe() {
        assertThat(Affinity.online())
                .isGreaterThanOrEqualTo(Runtime.getRuntime().availableProcessors());
        assertThatThrownBy(() -> Affinity.set()).hasMessageContaining("name at least one of 0 to");
        assertThatThrownBy(() -> Affinity.set(-1)).hasMessageContaining("there is no processor -1");
        assertThatThrownBy(() -> Affinity.set(1024)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Affinity.set(1023))
                .isInstanceOf(NativeException.class)
                .hasMessage("sched_setaffinity([1023]) failed: Invalid argument");
    }

    @Test
    void priorityRanksEveryThread() {
        try (Child child = Child.jvm("priority", "7")) {
            assertThat(child.output()).isEqualTo("[7]\n");
        }
    }

    @Test
    void priorityRefusesWhatIsNone() {
        assertThatThrownBy(() -> Priority.set(20)).hasMessageContaining("give -20 to 19");
        assertThatThrownBy(() -> Priority.set(-21)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void memoryThatWasFreedBelowALivingBlockIsGivenBack() {
        try (Arena kept = Arena.ofConfined()) {
            List<Arena> freed = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                freed.add(Arena.ofConfined());
                freed.getLast().allocate(64 << 10).fill((byte) 1);
            }
            kept.allocate(64 << 10).fill((byte) 1);
            freed.forEach(Arena::close);
            long before = resident();
            assertThat(MemoryTrim.release()).isTrue();
            assertThat(resident()).isLessThan(before - (40L << 20));
        }
    }

    private static long resident() {
        return ProcFs.stat(ProcessHandle.current().pid()).orElseThrow().rssBytes();
    }
}
