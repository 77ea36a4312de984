package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.board.BoardSlot;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FairShareTest {
    private final List<BoardSlot> board =
            IntStream.range(0, 4).mapToObj(BoardSlot::inMemory).toList();
    private final BoardSlot own = board.get(1);
    private final BoardSlot other = board.get(2);
    private final BoardSlot third = board.get(3);
    private long now;
    private final FairShare share = new FairShare(own, board::size, board::get, () -> now);

    private void pass(long micros) {
        now += TimeUnit.MICROSECONDS.toNanos(micros);
    }

    @Test
    void whoeverIsAloneTakesEverything() {
        own.connections(1_000, true);
        assertThat(share.leavesNext()).isFalse();
        assertThat(FairShare.alone(own).leavesNext()).isFalse();
    }

    @Test
    void whoeverHasMoreLeavesTheNextAndTakesItWhenItIsEven() {
        own.connections(1, true);
        other.connections(0, true);
        assertThat(share.leavesNext()).isTrue();
        other.connections(1, true);
        assertThat(share.leavesNext()).isFalse();
    }

    @Test
    void aFewMoreOfManyAreNotWorthTheWait() {
        other.connections(80, true);
        own.connections(90, true);
        assertThat(share.leavesNext()).isFalse();
        own.connections(91, true);
        assertThat(share.leavesNext()).isTrue();
    }

    @Test
    void whoeverAcceptsNothingIsLeftNothing() {
        own.connections(10, true);
        other.connections(0, false);
        assertThat(share.leavesNext()).isFalse();
        other.connections(0, true);
        pass(100_000);
        assertThat(share.leavesNext()).as("seen at the next look").isTrue();
        other.connections(0, false);
        assertThat(share.leavesNext()).as("it says so itself").isFalse();
    }

    @Test
    void nothingIsLeftForLongerThanTwentyMilliseconds() {
        own.connections(10, true);
        other.connections(0, true);
        assertThat(share.leavesNext()).isTrue();
        pass(19_999);
        assertThat(share.leavesNext()).isTrue();
        pass(1);
        assertThat(share.leavesNext()).as("it has not come in time").isFalse();
        pass(19_999);
        assertThat(share.leavesNext())
                .as("nobody waits again at once for one that does not move")
                .isFalse();
        other.connections(1, true);
        assertThat(share.leavesNext()).as("it moves").isTrue();
    }

    @Test
    void oneThatWasBusyIsWaitedForAgainMoreAndMoreRarely() {
        own.connections(10, true);
        other.connections(0, true);
        for (int pause : new int[] {20, 40, 80, 160, 320, 640, 1_000, 1_000}) {
            assertThat(share.leavesNext())
                    .as("before the pause of %d ms", pause)
                    .isTrue();
            pass(20_000);
            assertThat(share.leavesNext()).as("for no longer than at first").isFalse();
            pass(1_000 * pause - 1);
            assertThat(share.leavesNext()).as("in the pause of %d ms", pause).isFalse();
            pass(1);
        }
        assertThat(share.leavesNext()).isTrue();
        other.connections(1, true);
        assertThat(share.leavesNext()).isTrue();
        pass(20_000);
        assertThat(share.leavesNext()).isFalse();
        pass(20_000);
        assertThat(share.leavesNext()).as("it had moved, so the pause is short").isTrue();
    }

    @Test
    void aFrozenWorkerDoesNotHideTheOthers() {
        own.connections(10, true);
        other.connections(0, true);
        third.connections(5, true);
        assertThat(share.leavesNext()).isTrue();
        pass(20_000);
        assertThat(share.leavesNext()).isFalse();
        assertThat(share.leavesNext()).as("now for the third").isTrue();
        third.connections(10, true);
        assertThat(share.leavesNext()).isFalse();
    }

    @Test
    void theNextProcessOfASlotIsAnotherOne() {
        own.connections(10, true);
        other.reset(1);
        other.connections(0, true);
        assertThat(share.leavesNext()).isTrue();
        pass(20_000);
        assertThat(share.leavesNext()).isFalse();
        other.reset(2);
        assertThat(share.leavesNext()).isFalse();
        other.connections(0, true);
        assertThat(share.leavesNext()).isTrue();
    }
}
