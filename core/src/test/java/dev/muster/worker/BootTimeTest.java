package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.muster.Muster;
import dev.muster.OnError;
import dev.muster.control.Message;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@Timeout(60)
@ResourceLock("threads of control servers")
class BootTimeTest {
    @TempDir
    Path directory;

    @Test
    void aConstructorAsksForMoreTimeAndOneThatIsReadyGetsNone() throws Exception {
        TestMaster master = new TestMaster(
                directory, TestMaster.user(ChildFixture.BootsSlowly.class, OnError.CONTINUE), List.of(), List.of());
        try (master) {
            master.spawn();
            assertThat(master.exitCode()).isZero();
            assertThat(master.hears(Message.Extend.class)).isEqualTo(new Message.Extend(120_000, "reads its index"));
            assertThat(master.position(Message.Extend.class)).isLessThan(master.position(Message.Ready.class));
            assertThat(master.said(new Message.Extend(180_000, "too late"))).isFalse();
            assertThat(master.out() + master.err())
                    .contains("extendBoot(180000 ms, 'too late') has no effect: this process is ready already");
            assertThat(master.violations()).isEmpty();
        }
    }

    @Test
    void outsideOfAChildItOnlySaysSo() {
        Muster.extendBoot(Duration.ofSeconds(1), "nobody listens");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Muster.extendBoot(Duration.ZERO, "nothing"))
                .withMessageContaining("PT0S");
    }
}
