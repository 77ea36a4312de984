package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.board.BoardSlot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class SilenceTest {
    private static final long SECOND = 1_000_000_000L;

    @TempDir
    Path directory;

    private TestSlot place;

    @BeforeEach
    void open() {
        place = TestSlot.open(directory);
    }

    @AfterEach
    void close() {
        place.close();
    }

    @Test
    void aBeatAllowsTheHeartbeatOfThePool() {
        Silence silence = silence(SECOND);
        assertThat(secondsLeft()).isBetween(0L, 1L);
        silence.waiting(60 * SECOND);
        silence.beat();
        assertThat(secondsLeft()).isBetween(0L, 1L);
        assertThat(place.seen().deadlineId()).isEmpty();
    }

    @Test
    void theBrokerIsGivenMorePatienceThanUserCode() {
        Silence silence = silence(SECOND);
        silence.waiting(5 * SECOND);
        assertThat(secondsLeft()).isBetween(33L, 35L);
        silence.waiting(Long.MAX_VALUE);
        assertThat(secondsLeft()).isGreaterThan(TimeUnit.DAYS.toSeconds(364));
    }

    @Test
    void whileATaskRunsOnlyItsOwnDeadlineGoverns() {
        Silence silence = silence(SECOND);
        CurrentTask current = new CurrentTask(place.slot());
        List<Thread> runners = new ArrayList<>();
        BoardMarks marks = new BoardMarks(place.slot(), silence, current, id -> "message of " + id, runners::add);
        marks.builtInLoop();
        silence.beat();
        int mark = marks.started("t-1", "Mail.send", 90_000);
        // The claim of the next batch, while the task runs.
        silence.waiting(0);
        assertThat(place.seen().deadlineId()).isEqualTo("t-1");
        assertThat(secondsLeft()).isBetween(85L, 90L);
        assertThat(place.seen().text()).isEqualTo("message of t-1");
        assertThat(runners).containsExactly(Thread.currentThread());
        marks.finished(mark, true);
        marks.settled(mark);
        assertThat(place.seen().deadlineId()).isEmpty();
        assertThat(secondsLeft()).isBetween(25L, 30L);
        assertThat(place.seen().marks()).isEmpty();
        assertThat(place.seen().unitsFailed()).isEqualTo(1);
        assertThat(place.seen().text()).isNull();
    }

    @Test
    void inAHandWrittenHookTheHeartbeatGovernsTheTaskToo() {
        Silence silence = silence(SECOND);
        BoardMarks marks = new BoardMarks(place.slot(), silence, new CurrentTask(place.slot()), id -> id, _ -> {});
        silence.beat();
        int mark = marks.started("t-1", "hook", 0);
        assertThat(place.seen().deadlineId()).isEmpty();
        assertThat(secondsLeft()).isBetween(0L, 1L);
        marks.finished(mark, false);
        marks.settled(mark);
    }

    @Test
    void aTaskWorkerMayBeSilent() {
        Silence silence = silence(0);
        silence.beat();
        silence.waiting(SECOND);
        assertThat(place.seen().earliestDeadline()).isZero();
    }

    @Test
    void whatUserCodeSaysBeatsTheMessageOfTheTask() {
        CurrentTask current = new CurrentTask(place.slot());
        current.begins("t-1", "message");
        current.say("row 17");
        assertThat(place.seen().text()).isEqualTo("row 17");
        current.ends("t-1");
        assertThat(place.seen().text()).isEqualTo("row 17");
        current.begins("t-2", "other");
        current.say(null);
        assertThat(place.seen().text()).isEqualTo("other");
        assertThat(current.text()).isEqualTo("other");
        current.ends("t-2");
        assertThat(place.seen().text()).isNull();
    }

    @Test
    void ofSeveralTasksTheOldestIsShown() {
        CurrentTask current = new CurrentTask(place.slot());
        current.begins("t-1", "first");
        current.begins("t-2", "second");
        assertThat(place.seen().text()).isEqualTo("first");
        current.ends("t-1");
        assertThat(place.seen().text()).isEqualTo("second");
        assertThat(current.text()).isEqualTo("second");
        current.ends("t-2");
        assertThat(place.seen().text()).isNull();
    }

    @Test
    void aMessageTooLongForTheBoardIsStoodForByItsId() {
        CurrentTask current = new CurrentTask(place.slot());
        current.begins("t-1", "ü".repeat(BoardSlot.TEXT_BYTES / 2));
        assertThat(place.seen().text()).hasSize(BoardSlot.TEXT_BYTES / 2);
        current.begins("t-1", "ü".repeat(BoardSlot.TEXT_BYTES / 2 + 1));
        assertThat(place.seen().text()).isEqualTo("t-1");
    }

    @Test
    void aTextTooLongIsRefusedAndTheOneBeforeStays() {
        CurrentTask current = new CurrentTask(place.slot());
        current.say("row 17");
        assertThatThrownBy(() -> current.say("x".repeat(65_537))).isInstanceOf(IllegalArgumentException.class);
        assertThat(current.text()).isEqualTo("row 17");
        assertThat(place.seen().text()).isEqualTo("row 17");
    }

    @Test
    void beforeItIsReadyOnlyTheLimitOfTheBootGoverns() {
        Silence silence = new Silence(place.slot(), SECOND);
        silence.beat();
        silence.waiting(SECOND);
        assertThat(place.seen().earliestDeadline()).isZero();
        silence.begin();
        assertThat(secondsLeft()).isBetween(0L, 1L);
    }

    private Silence silence(long limitNanos) {
        Silence silence = new Silence(place.slot(), limitNanos);
        silence.begin();
        return silence;
    }

    private long secondsLeft() {
        return TimeUnit.NANOSECONDS.toSeconds(place.seen().earliestDeadline() - System.nanoTime());
    }
}
