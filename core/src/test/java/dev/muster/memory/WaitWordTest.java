package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Virtual threads that wait, and the thread that sleeps for them.
@Timeout(60)
@ResourceLock("shared memory of this JVM")
class WaitWordTest {
    private static final int ATTEMPTS = 20;

    @Test
    void aWakeUpBeforeTheSleeperHasLookedIsNotMissed() throws Exception {
        // On a busy machine one that is woken may come late; all of them do not.
        Duration shortest = WaitWord.LONGEST;
        for (int i = 0; i < ATTEMPTS && shortest.compareTo(WaitWord.LONGEST) >= 0; i++) {
            Duration slept = sleptWhileTheSleeperWasLate();
            shortest = slept.compareTo(shortest) < 0 ? slept : shortest;
        }
        assertThat(shortest).isLessThan(WaitWord.LONGEST);
    }

    private static Duration sleptWhileTheSleeperWasLate() throws InterruptedException {
        WaitWord word = new WaitWord(Arena.ofAuto().allocate(WaitWord.LENGTH, Long.BYTES), 0);
        CountDownLatch woken = new CountDownLatch(1);
        AtomicLong slept = new AtomicLong();
        FaultPoint.at("sleeper.begins", () -> await(woken));
        try {
            Thread waiter = Thread.ofVirtual().start(() -> {
                long start = System.nanoTime();
                int ticket = word.ticket();
                word.announce();
                word.sleep(ticket, Long.MAX_VALUE);
                slept.set(System.nanoTime() - start);
            });
            while (waiter.getState() != Thread.State.TIMED_WAITING && waiter.isAlive()) {
                Thread.onSpinWait();
            }
            word.wake();
            woken.countDown();
            waiter.join();
        } finally {
            woken.countDown();
            FaultPoint.at("sleeper.begins", () -> {});
        }
        return Duration.ofNanos(slept.get());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
