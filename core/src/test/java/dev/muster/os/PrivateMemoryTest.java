package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PrivateMemoryTest {
    @Test
    void whatAProcessWritesCounts() {
        try (Child small = Child.jvm("hold", "0");
                Child large = Child.jvm("-Xmx128m", "hold", "64")) {
            assertThat(small.line()).isEqualTo("holding");
            assertThat(large.line()).isEqualTo("holding");
            long less = PrivateMemory.of(small.pid).orElseThrow();
            long more = PrivateMemory.of(large.pid).orElseThrow();
            assertThat(less)
                    .isBetween(1L << 20, ProcFs.stat(small.pid).orElseThrow().rssBytes());
            assertThat(more - less).isBetween(60L << 20, 120L << 20);
        }
    }

    @Test
    void theFieldsOfAllAreasAddUp() {
        assertThat(PrivateMemory.sum("""
            7f00-7f01 rw-p
            Rss:                 100 kB
            Private_Clean:         4 kB
            Private_Dirty:         8 kB
            Swap:                 16 kB
            SwapPss:              99 kB
            7f02-7f03 rw-p
            Private_Clean:         0 kB
            Private_Dirty:         1 kB
            Swap:                  0 kB
            """)).hasValue(29 << 10);
        assertThat(PrivateMemory.sum("Rss: 1 kB\n")).isEmpty();
    }

    @Test
    void nothingIsKnownOfAProcessThatIsGone() {
        int pid;
        try (Child child = Child.sh("exit 0")) {
            pid = child.pid;
        }
        assertThat(PrivateMemory.of(pid)).isEmpty();
    }
}
