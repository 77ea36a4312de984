package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.board.BoardSlot;
import dev.muster.board.BoardSlot.Kind;
import dev.muster.web.WebHost.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FlightsTest {
    private static final long LASTING = TimeUnit.MILLISECONDS.toNanos(200);

    private final BoardSlot slot = BoardSlot.inMemory(0);

    private static void pass(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void whatIsSoonOverCountsWithoutAMark() {
        Flights flights = new Flights(slot, TimeUnit.SECONDS.toNanos(60));
        Work good = flights.begin(() -> "GET /");
        Work bad = flights.begin(() -> "GET /boom");
        flights.look();
        assertThat(slot.marks()).isEmpty();
        good.end(false);
        good.end(false);
        bad.end(true);
        assertThat(slot.unitsDone()).isEqualTo(1);
        assertThat(slot.unitsFailed()).isEqualTo(1);
    }

    @Test
    void whatLastsHasAMarkWithTheDeadlineOfItsBeginning() {
        long limit = TimeUnit.SECONDS.toNanos(60);
        Flights flights = new Flights(slot, limit);
        long before = System.nanoTime();
        Work work = flights.begin(() -> "GET /slow");
        long after = System.nanoTime();
        pass(LASTING);
        flights.look();
        flights.look();
        assertThat(slot.marks()).singleElement().satisfies(mark -> {
            assertThat(mark.kind()).isEqualTo(Kind.REQUEST);
            assertThat(mark.label()).isEqualTo("GET /slow");
            assertThat(mark.deadlineNanos())
                    .isBetween(before + limit, after + limit + TimeUnit.MILLISECONDS.toNanos(50));
        });
        work.end(false);
        assertThat(slot.marks()).isEmpty();
        assertThat(slot.unitsDone()).isEqualTo(1);
    }

    @Test
    void whatGoesOnHasAllItsTimeAgain() {
        Flights flights = new Flights(slot, TimeUnit.SECONDS.toNanos(60));
        Work work = flights.begin(() -> "GET /events");
        pass(LASTING);
        flights.look();
        long first = slot.earliestDeadline();
        work.extend();
        assertThat(slot.marks()).isEmpty();
        assertThat(slot.unitsDone()).isZero();
        pass(LASTING);
        flights.look();
        assertThat(slot.earliestDeadline()).isGreaterThanOrEqualTo(first + LASTING);
    }

    /// A kill for one of them would hit them all: the master must see them.
    @Test
    void shortBeforeADeadlineEverythingUnderWayIsMarked() {
        Flights flights = new Flights(slot, TimeUnit.MILLISECONDS.toNanos(900));
        Work _ = flights.begin(() -> "GET /hang");
        Work _ = flights.begin(() -> "GET /quick");
        flights.look();
        assertThat(slot.busy()).isEqualTo(2);
    }

    @Test
    void oldestFirstAndNeverAllTheMarks() {
        Flights flights = new Flights(slot, 0);
        List<Work> works = new ArrayList<>();
        for (int i = 0; i < 3 * BoardSlot.MARKS; i++) {
            String label = "GET /" + i;
            works.add(flights.begin(() -> label));
        }
        pass(LASTING);
        flights.look();
        assertThat(slot.marks()).hasSizeLessThan(BoardSlot.MARKS);
        assertThat(slot.marks()).extracting(BoardSlot.Mark::label).contains("GET /0");
        works.forEach(work -> work.end(false));
        assertThat(slot.marks()).isEmpty();
        assertThat(slot.unitsDone()).isEqualTo(3L * BoardSlot.MARKS);
    }

    /// Streams that go on again and again are all older than a moment, each in its turn.
    @Test
    void manyThatGoOnLeaveMarksForOthers() {
        Flights flights = new Flights(slot, TimeUnit.SECONDS.toNanos(60));
        List<Work> works = new ArrayList<>();
        for (int i = 0; i < 2 * BoardSlot.MARKS; i++) {
            works.add(flights.begin(() -> "GET /events"));
        }
        for (int round = 0; round < 4; round++) {
            pass(LASTING);
            flights.look();
            assertThat(slot.marks()).hasSizeLessThan(BoardSlot.MARKS);
            List<Work> half = works.subList(round % 2 * BoardSlot.MARKS, (round % 2 + 1) * BoardSlot.MARKS);
            half.forEach(Work::extend);
        }
        works.forEach(work -> work.end(false));
        assertThat(slot.marks()).isEmpty();
    }

    @Test
    void lookingWhileManyComeAndGoLeavesNothing() throws InterruptedException {
        Flights flights = new Flights(slot, TimeUnit.MILLISECONDS.toNanos(900));
        AtomicBoolean over = new AtomicBoolean();
        Thread looking = Thread.ofPlatform().start(() -> {
            while (!over.get()) {
                flights.look();
            }
        });
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int n = 0; n < 20_000; n++) {
                    Work work = flights.begin(() -> "GET /");
                    work.extend();
                    work.end(false);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        over.set(true);
        looking.join();
        assertThat(slot.marks()).isEmpty();
        assertThat(slot.unitsDone()).isEqualTo(80_000);
    }
}
