package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PlatformTest {
    @Test
    void x86HasItsOwnTable() {
        Platform platform = Platform.of("Linux", "amd64");
        assertThat(platform).isEqualTo(Platform.X86_64).isEqualTo(Platform.of("Linux", "x86_64"));
        assertThat(platform.futex()).isEqualTo(202);
        assertThat(platform.prctl()).isEqualTo(157);
        assertThat(platform.getppid()).isEqualTo(110);
        assertThat(platform.exitGroup()).isEqualTo(231);
    }

    @Test
    void armHasTheGenericTable() {
        Platform platform = Platform.of("Linux", "aarch64");
        assertThat(platform).isEqualTo(Platform.AARCH64);
        assertThat(platform.futex()).isEqualTo(98);
        assertThat(platform.prctl()).isEqualTo(167);
        assertThat(platform.getppid()).isEqualTo(173);
        assertThat(platform.exitGroup()).isEqualTo(94);
    }

    @Test
    void newCallsHaveOneNumberEverywhere() {
        assertThat(Platform.PIDFD_SEND_SIGNAL).isEqualTo(424);
        assertThat(Platform.PIDFD_OPEN).isEqualTo(434);
        assertThat(Platform.CLOSE_RANGE).isEqualTo(436);
    }

    @Test
    void otherMachinesAreRefusedByName() {
        assertThatThrownBy(() -> Platform.of("Mac OS X", "aarch64"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("this is Mac OS X aarch64");
        assertThatThrownBy(() -> Platform.of("Linux", "riscv64"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("this is Linux riscv64");
    }
}
