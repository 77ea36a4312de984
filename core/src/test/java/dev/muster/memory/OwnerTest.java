package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.os.Identity;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("degraded")
@Timeout(30)
class OwnerTest {
    @Test
    void aProcessFitsIntoAWord() {
        Identity largest = new Identity((1L << 22) - 1, (1L << 42) - 1);
        assertThat(Owner.process(Owner.of(largest))).isEqualTo(largest);
        assertThat(Owner.process(Owner.SELF)).isEqualTo(Identity.self());
        assertThatThrownBy(() -> Owner.of(new Identity(1L << 22, 1))).isInstanceOf(MemoryException.class);
        assertThatThrownBy(() -> Owner.of(new Identity(1, 1L << 42))).isInstanceOf(MemoryException.class);
    }

    @Test
    void onlyAProcessThatHasEndedIsDead() throws Exception {
        assertThat(Owner.dead(Owner.NONE)).isFalse();
        assertThat(Owner.dead(Owner.SELF)).isFalse();
        Process process = new ProcessBuilder("sleep", "60").start();
        Identity sleeper = Identity.of(process.pid()).orElseThrow();
        assertThat(Owner.dead(Owner.of(sleeper))).isFalse();
        assertThat(Owner.dead(Owner.of(new Identity(sleeper.pid(), sleeper.startTime() - 1))))
                .as("an earlier process of the same pid")
                .isTrue();
        process.destroyForcibly();
        process.waitFor();
        assertThat(Owner.dead(Owner.of(sleeper))).isTrue();
    }
}
