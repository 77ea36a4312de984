package dev.muster.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.muster.board.BoardSlot.Kind;
import dev.muster.board.BoardSlot.Mark;
import dev.muster.os.Identity;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BoardSlotTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir
    Path directory;

    Board board;
    BoardSlot slot;

    @BeforeEach
    void open() {
        board = Board.create(directory.resolve("board"), 2, new Identity(1, 1));
        slot = board.slot(1);
        slot.reset(1);
    }

    @AfterEach
    void close() {
        board.close();
    }

    @Test
    void startsEmpty() {
        assertEmpty();
        assertThat(board.slot(0).life()).isZero();
    }

    private void assertEmpty() {
        assertThat(slot.incarnation()).isEmpty();
        assertThat(slot.beats()).isZero();
        assertThat(slot.marks()).isEmpty();
        assertThat(slot.earliestDeadline()).isZero();
        assertThat(slot.deadlineId()).isEmpty();
        assertThat(slot.text()).isNull();
        assertThat(slot.condemned()).isFalse();
    }

    @Test
    void beatsAreCounted() {
        slot.beat();
        slot.beat();
        assertThat(slot.beats()).isEqualTo(2);
        assertThat(board.slot(0).beats()).isZero();
    }

    @Test
    void marksShowWhatIsStarted() {
        long before = System.nanoTime();
        int run = slot.start(Kind.RUN, "", "Ticker.run", 0);
        int task = slot.start(Kind.TASK, "id-1", "Mail.send", SECOND);
        long after = System.nanoTime();

        assertThat(slot.marks()).extracting(Mark::kind).containsExactly(Kind.RUN, Kind.TASK);
        assertThat(slot.marks()).extracting(Mark::id).containsExactly("", "id-1");
        assertThat(slot.marks()).extracting(Mark::label).containsExactly("Ticker.run", "Mail.send");
        Mark mark = slot.marks().getLast();
        assertThat(mark.startNanos()).isBetween(before, after);
        assertThat(mark.deadlineNanos()).isEqualTo(mark.startNanos() + SECOND);

        slot.finish(task, false);
        slot.finish(run, true);
        slot.settled(task);
        assertThat(slot.marks()).isEmpty();
        assertThat(slot.unitsDone()).isEqualTo(1);
        assertThat(slot.unitsFailed()).isEqualTo(1);
    }

    @Test
    void aFinishedTaskStaysWithoutADeadlineUntilItIsSettled() {
        int task = slot.start(Kind.TASK, "id-1", "", SECOND);
        assertThat(slot.marks()).extracting(Mark::finished).containsExactly(false);
        assertThatIllegalStateException()
                .isThrownBy(() -> slot.settled(task))
                .withMessageContaining("it is not finished");

        slot.finish(task, true);
        assertThat(slot.marks()).extracting(Mark::id).containsExactly("id-1");
        assertThat(slot.marks()).extracting(Mark::finished).containsExactly(true);
        assertThat(slot.unitsFailed()).isEqualTo(1);
        assertThat(slot.earliestDeadline()).isZero();
        assertThat(slot.deadline()).isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> slot.extend(task, SECOND));
        assertThatIllegalStateException().isThrownBy(() -> slot.finish(task, true));

        slot.settled(task);
        assertThat(slot.marks()).isEmpty();
        assertThat(slot.unitsFailed()).isEqualTo(1);
        assertThatIllegalStateException().isThrownBy(() -> slot.settled(task)).withMessageContaining("slot 1");
    }

    @Test
    void countsWhatIsNotOverItsDeadline() {
        int endless = slot.start(Kind.TASK, "endless", "", 0);
        int late = slot.start(Kind.TASK, "late", "", SECOND);
        int timely = slot.start(Kind.TASK, "timely", "", 60 * SECOND);
        long now = System.nanoTime();
        assertThat(slot.timely(now)).isEqualTo(3);
        long then = now + 10 * SECOND;
        assertThat(slot.timely(then)).isEqualTo(2);

        slot.finish(late, false);
        assertThat(slot.timely(then)).as("its outcome is not stored yet").isEqualTo(3);
        for (int mark : List.of(endless, timely)) {
            slot.finish(mark, false);
            slot.settled(mark);
        }
        assertThat(slot.timely(then)).isEqualTo(1);
        slot.settled(late);
        assertThat(slot.timely(then)).isZero();
    }

    @Test
    void aFinishedRunLeavesNothing() {
        int run = slot.start(Kind.RUN, "", "Ticker.run", SECOND);
        slot.finish(run, false);
        assertThat(slot.marks()).isEmpty();
        assertThatIllegalStateException().isThrownBy(() -> slot.settled(run));
    }

    @Test
    void aFinishedMarkIsNotTouchedByItsOldHandle() {
        int old = slot.start(Kind.TASK, "old", "", 0);
        slot.finish(old, false);
        slot.settled(old);
        int fresh = slot.start(Kind.TASK, "fresh", "", 0);
        assertThatIllegalStateException()
                .isThrownBy(() -> slot.finish(old, false))
                .withMessageContaining("slot 1");
        assertThatIllegalStateException().isThrownBy(() -> slot.extend(old, SECOND));
        assertThatIllegalStateException().isThrownBy(() -> slot.finish(-1, false));
        assertThat(slot.marks()).extracting(Mark::id).containsExactly("fresh");
        assertThat(slot.earliestDeadline()).isZero();
        assertThat(slot.unitsDone()).isEqualTo(1);
        slot.finish(fresh, false);
    }

    @Test
    void allMarksInUseIsAnError() {
        List<Integer> handles = new ArrayList<>();
        for (int i = 0; i < BoardSlot.MARKS; i++) {
            handles.add(slot.start(Kind.TASK, "t" + i, "", 0));
        }
        assertThat(slot.marks()).hasSize(16);
        assertThatIllegalStateException()
                .isThrownBy(() -> slot.start(Kind.TASK, "t16", "", 0))
                .withMessageContaining("t16")
                .withMessageContaining("16 marks");
        slot.finish(handles.get(7), false);
        assertThatIllegalStateException().isThrownBy(() -> slot.start(Kind.TASK, "t16", "", 0));
        slot.settled(handles.get(7));
        var _ = slot.start(Kind.TASK, "t16", "", 0);
        assertThat(slot.marks())
                .hasSize(16)
                .extracting(Mark::id)
                .contains("t16")
                .doesNotContain("t7");
    }

    @Test
    void idsAreRefusedAndLabelsCutAtTheirLimits() {
        String id = "é".repeat(32);
        var _ = slot.start(Kind.TASK, id, "x" + "é".repeat(40), 0);
        assertThat(slot.marks()).extracting(Mark::id).containsExactly(id);
        assertThat(slot.marks()).extracting(Mark::label).containsExactly("x" + "é".repeat(39));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> slot.start(Kind.TASK, id + "x", "", 0))
                .withMessageContaining("65 bytes, at most 64");
        assertThat(slot.marks()).hasSize(1);
    }

    @Test
    void theEarliestDeadlineOfAllIsShownWithItsOwner() {
        slot.silenceLimit(100 * SECOND);
        assertThat(slot.deadlineId()).isEmpty();
        long silence = slot.earliestDeadline();
        assertThat(silence).isNotZero();

        var _ = slot.start(Kind.TASK, "none", "", 0);
        int late = slot.start(Kind.TASK, "late", "", 50 * SECOND);
        int early = slot.start(Kind.TASK, "early", "", 10 * SECOND);
        assertThat(slot.deadlineId()).isEqualTo("early");
        assertThat(slot.deadline().orElseThrow().nanos())
                .isEqualTo(slot.earliestDeadline())
                .isLessThan(silence);

        slot.extend(early, 70 * SECOND);
        assertThat(slot.deadlineId()).isEqualTo("late");
        slot.finish(late, false);
        assertThat(slot.deadlineId()).isEqualTo("early");
        slot.extend(early, 0);
        assertThat(slot.earliestDeadline()).isEqualTo(silence);
        slot.silenceLimit(0);
        assertThat(slot.earliestDeadline()).isZero();
        assertThat(slot.deadline()).isEmpty();
    }

    @Test
    void limitsOutOfRange() {
        var _ = slot.start(Kind.TASK, "for ever", "", Long.MAX_VALUE);
        assertThat(slot.earliestDeadline() - System.nanoTime()).isGreaterThan(Long.MAX_VALUE / 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> slot.silenceLimit(-5))
                .withMessageContaining("limit=-5 ns");
    }

    @Test
    void textIsKeptUpToItsLimit() {
        slot.text("");
        assertThat(slot.text()).isEmpty();
        String longest = "a".repeat(BoardSlot.TEXT_BYTES);
        slot.text(longest);
        assertThat(slot.text()).isEqualTo(longest);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> slot.text(longest + "b"))
                .withMessageContaining("65537")
                .withMessageContaining("65536");
        assertThat(slot.text()).isEqualTo(longest);
        slot.text("übrig");
        assertThat(slot.text()).isEqualTo("übrig");
        slot.text(null);
        assertThat(slot.text()).isNull();
    }

    @Test
    void aChildRegistersOnlyForTheLifeOfItsSlot() {
        assertThatIllegalStateException()
                .isThrownBy(() -> slot.register(2, "me"))
                .withMessageContaining("life=2")
                .withMessageContaining("life=1");
        assertThatIllegalArgumentException().isThrownBy(() -> slot.register(1, "x".repeat(65)));
        slot.register(1, "me");
        assertThat(slot.incarnation()).isEqualTo("me");
        slot.reset(2);
        assertThat(slot.incarnation()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> slot.reset(0));
    }

    @Test
    void resetLeavesNothingOfTheChildBefore() {
        slot.register(1, "me");
        slot.beat();
        slot.silenceLimit(SECOND);
        slot.text("working");
        slot.finish(slot.start(Kind.TASK, "a", "", 0), true);
        slot.finish(slot.start(Kind.TASK, "b", "", 0), false);
        int left = slot.start(Kind.TASK, "c", "", SECOND);
        slot.condemn();
        assertThat(slot.condemned()).isTrue();

        slot.connections(7, true);
        slot.reset(2);
        assertThat(slot.connections()).isZero();
        assertThat(slot.accepts()).isFalse();
        assertEmpty();
        assertThat(slot.unitsDone() + slot.unitsFailed()).isZero();
        assertThat(slot.life()).isEqualTo(2);
        assertThatIllegalStateException().isThrownBy(() -> slot.finish(left, false));
    }

    @Test
    void unitsOfManyThreadsAreAllCounted() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int number = t;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 10_000; i++) {
                    int mark = slot.start(Kind.TASK, number + "-" + i, "", SECOND);
                    slot.finish(mark, number == 0);
                    slot.settled(mark);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(slot.unitsDone()).isEqualTo(30_000);
        assertThat(slot.unitsFailed()).isEqualTo(10_000);
        assertThat(slot.marks()).isEmpty();
    }

    @Test
    void beatAndEarliestDeadlineAllocateNothing() {
        var _ = slot.start(Kind.TASK, "a", "", SECOND);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        look(50_000);
        long before = threads.getCurrentThreadAllocatedBytes();
        look(50_000);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).isLessThan(50_000);
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            slot.beat();
            slot.probeSince(i);
            assert slot.earliestDeadline() != 0;
        }
    }
}
