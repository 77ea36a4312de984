package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class SdNotifyTest {
    @TempDir
    Path dir;

    @Test
    void reachesASocketByItsPath() throws Throwable {
        String address = dir.resolve("notify").toString();
        try (NotifySocket manager = new NotifySocket(address);
                SdNotify notify = SdNotify.to(address)) {
            assertThat(notify.send("READY=1\nSTATUS=ü")).isTrue();
            assertThat(notify.send("STOPPING=1")).isTrue();
            assertThat(manager.received()).containsExactly("READY=1\nSTATUS=ü", "STOPPING=1");
        }
    }

    @Test
    void reachesASocketByItsAbstractName() throws Throwable {
        String address = "@muster-test-" + ProcessHandle.current().pid();
        try (NotifySocket manager = new NotifySocket(address);
                SdNotify notify = SdNotify.to(address)) {
            assertThat(notify.send("WATCHDOG=1")).isTrue();
            assertThat(manager.received()).containsExactly("WATCHDOG=1");
        }
    }

    @Test
    void saysThatNobodyListens() {
        try (SdNotify notify = SdNotify.to(dir.resolve("nobody").toString())) {
            assertThat(notify.send("READY=1")).isFalse();
        }
    }

    @Test
    void neverWaitsForAManagerThatDoesNotRead() throws Throwable {
        String address = dir.resolve("busy").toString();
        try (NotifySocket manager = new NotifySocket(address);
                SdNotify notify = SdNotify.to(address)) {
            int sent = 0;
            while (notify.send("WATCHDOG=1") && sent < 1_000_000) {
                sent++;
            }
            assertThat(sent).isBetween(1, 999_999);
            assertThat(manager.received()).hasSize(sent);
            assertThat(notify.send("READY=1")).isTrue();
        }
    }

    @Test
    void refusesAnAddressOfAnotherKind() {
        assertThatThrownBy(() -> SdNotify.to("vsock:2:1234")).hasMessageContaining("vsock:2:1234");
        assertThatThrownBy(() -> SdNotify.to("@")).hasMessageContaining("abstract name");
        assertThatThrownBy(() -> SdNotify.to("/" + "x".repeat(200))).hasMessageContaining("107");
    }
}
