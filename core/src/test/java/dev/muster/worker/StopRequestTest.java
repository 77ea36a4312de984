package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.ExitReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StopRequestTest {
    private final StopRequest stop = new StopRequest();

    @Test
    void aSleepLastsItsWholeTimeWithoutAStop() throws Exception {
        long start = System.nanoTime();
        assertThat(stop.sleep(Duration.ofMillis(30))).isTrue();
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
    }

    @Test
    void aStopEndsASleepEarlyEvenAnEndlessOne() throws Exception {
        CompletableFuture<Boolean> whole = new CompletableFuture<>();
        Thread sleeper = Thread.ofVirtual().start(() -> {
            try {
                whole.complete(stop.sleep(Duration.ofSeconds(Long.MAX_VALUE)));
            } catch (InterruptedException e) {
                whole.completeExceptionally(e);
            }
        });
        stop.order();
        sleeper.join();
        assertThat(whole.get()).isFalse();
        assertThat(stop.sleep(Duration.ofDays(1))).isFalse();
    }

    @Test
    void aSignalAloneIsTheReason() {
        stop.signal();
        assertThat(stop.asked()).isTrue();
        assertThat(stop.reason()).isEqualTo(ExitReason.SIGNAL);
        assertThat(stop.detail()).isEqualTo("15");
    }

    @Test
    void anOrderOfTheMasterBeatsASignalBeforeOrAfterIt() {
        stop.signal();
        stop.order();
        assertThat(stop.reason()).isEqualTo(ExitReason.REQUESTED);
        stop.signal();
        assertThat(stop.reason()).isEqualTo(ExitReason.REQUESTED);
        assertThat(stop.detail()).isEmpty();
    }

    @Test
    void listenersAreToldOnceAndLateOnesAtOnce() {
        List<String> told = new ArrayList<>();
        stop.onStop(() -> told.add("early"));
        stop.signal();
        stop.order();
        stop.onStop(() -> told.add("late"));
        assertThat(told).containsExactly("early", "late");
    }
}
