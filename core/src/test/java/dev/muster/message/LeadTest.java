package dev.muster.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LeadTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final long LONG = TimeUnit.SECONDS.toNanos(20);

    private final Orders orders = new Orders();
    private final Thread own = Thread.ofPlatform().unstarted(() -> running());
    private final Lead lead = new Lead(orders, own);

    /// Rounds that run what is ordered from outside.
    private static final class Orders implements Lead.Rounds {
        private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
        private volatile boolean over;

        @Override
        public boolean round(long nanos) {
            try {
                Runnable order = queue.poll(nanos, TimeUnit.NANOSECONDS);
                if (order != null) {
                    order.run();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
            return !over;
        }

        @Override
        public void interrupt() {
            queue.add(() -> {});
        }

        /// @return which thread has run it
        CompletableFuture<Thread> order() {
            CompletableFuture<Thread> ran = new CompletableFuture<>();
            queue.add(() -> ran.complete(Thread.currentThread()));
            return ran;
        }
    }

    private void running() {
        lead.run();
    }

    @AfterEach
    void end() throws InterruptedException {
        orders.queue.add(() -> orders.over = true);
        if (own.isAlive()) {
            assertThat(own.join(SOON)).isTrue();
        }
    }

    @Test
    void whoWaitsRunsTheRoundsAndTheOwnThreadBeforeAndAfter() {
        own.start();
        assertThat(orders.order()).succeedsWithin(SOON).isEqualTo(own);
        CompletableFuture<Thread> asked = new CompletableFuture<>();
        Thread.ofPlatform().start(() -> {
            // Not before the other thread has been asked to make room.
            while (own.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            orders.queue.add(() -> asked.complete(Thread.currentThread()));
        });
        assertThat(lead.help(asked::isDone, LONG)).isTrue();
        assertThat(asked.join()).isIn(Thread.currentThread(), own);
        CompletableFuture<Thread> again = orders.order();
        assertThat(lead.help(again::isDone, LONG)).isTrue();
        assertThat(orders.order()).succeedsWithin(SOON).isEqualTo(own);
    }

    @Test
    void aHelperNeedsNoOwnThread() {
        CompletableFuture<Thread> ran = orders.order();
        assertThat(lead.help(ran::isDone, LONG)).isTrue();
        assertThat(ran).isCompletedWithValue(Thread.currentThread());
    }

    @Test
    void aHelperThatStaysForLongIsFollowedByTheOwnThread() throws InterruptedException {
        own.start();
        CompletableFuture<Void> freed = new CompletableFuture<>();
        Thread helper = Thread.ofPlatform().start(() -> lead.help(freed::isDone, LONG));
        // The own thread sleeps without a limit when it has seen the same helper for long enough.
        while (own.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(orders.order()).succeedsWithin(SOON).isEqualTo(helper);
        freed.complete(null);
        orders.interrupt();
        assertThat(helper.join(SOON)).isTrue();
        assertThat(orders.order()).succeedsWithin(SOON).isEqualTo(own);
    }

    @Test
    void oneHelpsAtATimeAndTheOthersAreServed() throws InterruptedException {
        own.start();
        CompletableFuture<Void> freed = new CompletableFuture<>();
        Thread helper = Thread.ofPlatform().start(() -> lead.help(freed::isDone, LONG));
        while (own.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        CompletableFuture<Thread> second = new CompletableFuture<>();
        assertThat(lead.help(second::isDone, LONG)).as("somebody helps already").isFalse();
        lead.watches();
        freed.complete(null);
        orders.interrupt();
        assertThat(helper.join(SOON)).isTrue();
        orders.queue.add(() -> second.complete(Thread.currentThread()));
        assertThat(second).succeedsWithin(SOON).isEqualTo(own);
        lead.watched();
    }

    @Test
    void aWaitEndsInTime() {
        long start = System.nanoTime();
        assertThat(lead.help(() -> false, TimeUnit.MILLISECONDS.toNanos(20))).isFalse();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
    }

    @Test
    void whoIsInterruptedOrVirtualOrInARoundCannotHelp() throws InterruptedException {
        Thread.currentThread().interrupt();
        assertThat(lead.help(() -> false, LONG)).isFalse();
        assertThat(Thread.interrupted()).as("it stays interrupted").isTrue();

        CompletableFuture<Boolean> helped = new CompletableFuture<>();
        Thread virtual = Thread.ofVirtual().start(() -> helped.complete(lead.help(() -> false, LONG)));
        assertThat(virtual.join(SOON)).isTrue();
        assertThat(helped.join()).isFalse();

        CompletableFuture<Boolean> nested = new CompletableFuture<>();
        orders.queue.add(() -> {
            assertThat(lead.here()).isTrue();
            nested.complete(lead.help(() -> false, LONG));
        });
        assertThat(lead.help(nested::isDone, LONG)).isTrue();
        assertThat(nested.join()).isFalse();
        assertThat(lead.here()).isFalse();
    }

    @Test
    void anInterruptEndsTheHelp() throws InterruptedException {
        CompletableFuture<Boolean> helped = new CompletableFuture<>();
        Thread helper = Thread.ofPlatform().start(() -> helped.complete(lead.help(() -> false, LONG)));
        while (helper.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        helper.interrupt();
        assertThat(helper.join(SOON)).isTrue();
        assertThat(helped.join()).isFalse();
    }

    @Test
    void theEndOfTheRoundsEndsBoth() throws InterruptedException {
        own.start();
        CompletableFuture<Boolean> helped = new CompletableFuture<>();
        Thread helper = Thread.ofPlatform().start(() -> helped.complete(lead.help(() -> false, LONG)));
        while (own.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        orders.queue.add(() -> orders.over = true);
        assertThat(helper.join(SOON)).isTrue();
        assertThat(helped.join()).isFalse();
        orders.interrupt();
        assertThat(own.join(SOON)).isTrue();
    }
}
