package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Tag("degraded")
@Timeout(20)
class PollerTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    private final List<int[]> pipes = new ArrayList<>();
    private final List<Long> seen = new ArrayList<>();
    private Poller poller;

    @BeforeEach
    void open() {
        poller = new Poller();
    }

    @AfterEach
    void close() {
        poller.close();
        for (int[] pipe : pipes) {
            Fd.close(pipe[0]);
            Fd.close(pipe[1]);
        }
    }

    @Test
    void reportsOnlyWhatIsReadyUnderItsKey() {
        for (int i = 0; i < 40; i++) {
            poller.add(pipe()[0], Poller.IN, i);
        }
        feed(7);
        feed(39);
        assertThat(poller.poll(LONG, this::see)).isEqualTo(2);
        assertThat(seen).containsExactlyInAnyOrder(7L, 39L);
    }

    @Test
    void zeroOnlyLooks() {
        poller.add(pipe()[0], Poller.IN, 1);
        assertThat(poller.poll(Duration.ZERO, this::see)).isZero();
    }

    @Test
    void waitsNotShorterThanItWasTold() {
        long start = System.nanoTime();
        assertThat(poller.poll(Duration.ofMillis(20), this::see)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(20_000_000);
    }

    @Test
    void roundsUpToMilliseconds() {
        assertThat(Poller.milliseconds(Duration.ZERO)).isZero();
        assertThat(Poller.milliseconds(Duration.ofSeconds(-1))).isZero();
        assertThat(Poller.milliseconds(Duration.ofNanos(1))).isEqualTo(1);
        assertThat(Poller.milliseconds(Duration.ofMillis(20))).isEqualTo(20);
        assertThat(Poller.milliseconds(Duration.ofNanos(20_000_001))).isEqualTo(21);
        assertThat(Poller.milliseconds(Duration.ofSeconds(Long.MAX_VALUE))).isEqualTo(Integer.MAX_VALUE);
        assertThat(Poller.milliseconds(Duration.ofMillis(Integer.MAX_VALUE).minusNanos(1)))
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void anyThreadWakesIt() throws Exception {
        Thread other = Thread.ofPlatform().start(poller::wakeup);
        long start = System.nanoTime();
        assertThat(poller.poll(LONG, this::see)).isZero();
        assertThat(System.nanoTime() - start).isLessThan(LONG.toNanos() / 2);
        other.join();
    }

    @Test
    void wakeupsBeforeAWaitCountOnce() {
        poller.wakeup();
        poller.wakeup();
        assertThat(poller.poll(LONG, this::see)).isZero();
        long start = System.nanoTime();
        assertThat(poller.poll(Duration.ofMillis(30), this::see)).isZero();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
        poller.wakeup();
        start = System.nanoTime();
        assertThat(poller.poll(LONG, this::see)).isZero();
        assertThat(System.nanoTime() - start).isLessThan(LONG.toNanos() / 2);
    }

    @Test
    void aHandlerMayRemoveWhatIsReadyToo() {
        for (int i = 0; i < 4; i++) {
            poller.add(pipe()[0], Poller.IN, i);
            feed(i);
        }
        int calls = poller.poll(LONG, (key, _) -> {
            seen.add(key);
            pipes.forEach(p -> poller.remove(p[0]));
        });
        assertThat(calls).isEqualTo(1);
        assertThat(seen).containsExactly(0L);
        assertThat(poller.size()).isZero();
    }

    @Test
    void aHandlerMayAdd() {
        poller.add(pipe()[0], Poller.IN, 0);
        feed(0);
        assertThat(poller.poll(LONG, (_, _) -> {
                    for (int i = 1; i < 30; i++) {
                        poller.add(pipe()[0], Poller.IN, i);
                        feed(i);
                    }
                }))
                .isEqualTo(1);
        assertThat(poller.poll(LONG, this::see)).isEqualTo(30);
    }

    @Test
    @Tag("native-only")
    void showsTheEndOfAPipe() {
        int[] ends = Fd.pipe();
        poller.add(ends[0], Poller.IN, 5);
        Fd.close(ends[1]);
        int[] events = {0};
        assertThat(poller.poll(LONG, (_, e) -> events[0] = e)).isEqualTo(1);
        assertThat(events[0] & Poller.HUP).isEqualTo(Poller.HUP);
        assertThat(Fd.read(ends[0], ByteBuffer.allocateDirect(1))).isEqualTo(Fd.EOF);
        Fd.close(ends[0]);
    }

    @Test
    void updateChangesWhatIsWaitedFor() {
        int write = pipe()[1];
        poller.add(write, 0, 1);
        assertThat(poller.poll(Duration.ZERO, this::see)).isZero();
        poller.update(write, Poller.OUT);
        assertThat(poller.poll(Duration.ZERO, this::see)).isEqualTo(1);
    }

    @Test
    void refusesADescriptorTwiceAndWakeupAfterCloseIsHarmless() {
        int fd = pipe()[0];
        poller.add(fd, Poller.IN, 1);
        assertThatThrownBy(() -> poller.add(fd, Poller.IN, 2)).hasMessageContaining("watched already");
        poller.close();
        poller.wakeup();
        assertThatThrownBy(() -> poller.poll(LONG, this::see)).isInstanceOf(IllegalStateException.class);
    }

    private int[] pipe() {
        int[] ends = Fd.pipe();
        pipes.add(ends);
        return ends;
    }

    private void feed(int pipe) {
        assertThat(Fd.write(pipes.get(pipe)[1], ByteBuffer.allocateDirect(1))).isEqualTo(1);
    }

    private void see(long key, int events) {
        seen.add(key);
    }
}
