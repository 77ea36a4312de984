package dev.muster.broker.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.scan.ScheduleDeclaration;
import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.BrokerException;
import dev.muster.task.Timetable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Schedules that are served from a real store, by a clock that the test moves.
@Timeout(60)
class TimetableTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path directory;

    private final List<Broker> opened = new ArrayList<>();
    private Broker broker;
    private Instant now = NOON;

    @BeforeEach
    void open() {
        broker = another();
    }

    @AfterEach
    void close() {
        opened.forEach(Broker::close);
    }

    private Broker another() {
        Broker another = SqliteBroker.open(
                directory.resolve("queue.db"), directory.resolve("native"), Durability.PROCESS, 1 << 20);
        opened.add(another);
        return another;
    }

    private static ScheduleDeclaration minutely(String missed) {
        return new ScheduleDeclaration("tick", "jobs.tick", "q", "", 60_000, "", missed, "", true);
    }

    private Timetable table(ScheduleDeclaration... schedules) {
        Map<String, Instant> since = new HashMap<>();
        for (ScheduleDeclaration schedule : schedules) {
            since.put(schedule.name(), now);
        }
        return new Timetable(List.of(schedules), since, () -> now);
    }

    /// The instants of the tasks that are waiting, in order, as minutes after noon.
    private List<Long> enqueued() {
        return broker.claim("q", "test", 1_000).stream()
                .map(Claim::id)
                .map(id -> (Long.parseLong(id.substring("schedule:tick:".length())) - NOON.getEpochSecond()) / 60)
                .toList();
    }

    private Instant minute(int minute) {
        return NOON.plusSeconds(60L * minute);
    }

    @Test
    void servesNothingOfThePastTheFirstTimeAndThenEachInstant() {
        Timetable table = table(minutely("ALL"));
        assertThat(table.serve(broker.coordination())).isEqualTo(minute(1));
        assertThat(enqueued()).isEmpty();
        now = minute(1);
        assertThat(table.serve(broker.coordination())).isEqualTo(minute(2));
        assertThat(table.serve(broker.coordination())).isEqualTo(minute(2));
        now = minute(2).plusMillis(3);
        assertThat(table.serve(broker.coordination())).isEqualTo(minute(3));
        assertThat(enqueued()).containsExactly(1L, 2L);
        assertThat(broker.coordination().fired()).containsEntry("tick", minute(2));
    }

    @Test
    void theMessageNamesTheTaskItsArgumentsAndTheInstant() {
        Timetable table = table(new ScheduleDeclaration(
                "tick", "jobs.tick", "q", "0 * * * *", 0, "Asia/Kolkata", "ONCE", "[42,\"a\"]", true));
        now = NOON.plusSeconds(30 * 60);
        assertThat(table.serve(broker.coordination())).isEqualTo(NOON.plusSeconds(90 * 60));
        Claim claim = broker.claim("q", "test", 1).getFirst();
        assertThat(claim.id()).isEqualTo("schedule:tick:1772368200");
        assertThat(claim.payload())
                .isEqualTo("{\"id\":\"schedule:tick:1772368200\",\"task\":\"jobs.tick\",\"param\":[42,\"a\"]}");
    }

    @Test
    void manyServeEachInstantOnceTogether() {
        List<Timetable> tables = List.of(table(minutely("ALL")), table(minutely("ALL")), table(minutely("ALL")));
        List<Broker> brokers = List.of(broker, another(), another());
        for (int step = 0; step < 40; step++) {
            now = now.plusSeconds(37);
            // Sometimes one is late, and sees later what the others have served.
            for (int i = 0; i < 3; i++) {
                if ((step + i) % 4 != 0) {
                    Instant _ = tables.get(i).serve(brokers.get(i).coordination());
                }
            }
        }
        List<Long> minutes = enqueued();
        assertThat(minutes).hasSizeGreaterThan(20).doesNotHaveDuplicates().isSorted();
        assertThat(minutes).hasSize((int) (minutes.getLast() - minutes.getFirst() + 1));
    }

    @Test
    void missedOnesAreMadeUpForAlsoByAnotherProcess() {
        Timetable first = table(minutely("ALL"));
        now = minute(1);
        Instant _ = first.serve(broker.coordination());
        now = minute(5);
        Timetable second = table(minutely("ALL"));
        assertThat(second.serve(another().coordination())).isEqualTo(minute(6));
        assertThat(enqueued()).containsExactly(1L, 2L, 3L, 4L, 5L);
        now = minute(8);
        assertThat(table(minutely("ONCE")).serve(broker.coordination())).isEqualTo(minute(9));
        assertThat(enqueued()).containsExactly(8L);
        now = minute(400);
        assertThat(table(minutely("ALL")).serve(broker.coordination())).isEqualTo(minute(401));
        assertThat(enqueued()).hasSize(100).startsWith(301L).endsWith(400L);
    }

    @Test
    void whatIsMissedBeforeItEverRanIsMadeUpForAfterARestart() {
        now = NOON.plusMillis(700);
        assertThat(table(minutely("ONCE")).serve(broker.coordination())).isEqualTo(minute(1));
        now = minute(3).plusSeconds(20);
        Timetable restarted = table(minutely("ONCE"));
        assertThat(broker.coordination().fired()).as("never served").isEmpty();

        assertThat(restarted.serve(another().coordination())).isEqualTo(minute(4));

        assertThat(enqueued()).containsExactly(3L);
    }

    @Test
    void skippedOnesAreOverAndTheNextIsServed() {
        Timetable table = table(minutely("SKIP"));
        now = minute(1);
        Instant _ = table.serve(broker.coordination());
        now = minute(7).plusSeconds(40);
        assertThat(table.serve(broker.coordination())).isEqualTo(minute(8));
        now = minute(8);
        assertThat(table.serve(broker.coordination())).isEqualTo(minute(9));
        assertThat(enqueued()).containsExactly(1L, 8L);
    }

    @Test
    void theClockThatIsAheadDecidesAndTheOthersFollowWhenTheyGetThere() {
        Timetable ahead = table(minutely("ALL"));
        now = minute(4);
        Instant _ = ahead.serve(broker.coordination());
        now = minute(2);
        Timetable right = table(minutely("ALL"));
        assertThat(right.serve(another().coordination())).isEqualTo(minute(5));
        now = minute(5);
        assertThat(right.serve(broker.coordination())).isEqualTo(minute(6));
        assertThat(enqueued()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void whatIsDisabledIsNotServed() {
        ScheduleDeclaration off = new ScheduleDeclaration("tick", "t", "q", "", 60_000, "", "ALL", "", false);
        Timetable table = table(off);
        now = minute(3);
        assertThat(table.serve(broker.coordination())).isEqualTo(Instant.MAX);
        assertThat(enqueued()).isEmpty();
    }

    @Test
    void goesOnWhereAStoreThatFailedComesBack() {
        Timetable table = table(minutely("ALL"));
        now = minute(1);
        Instant _ = table.serve(broker.coordination());
        Broker gone = another();
        gone.close();
        now = minute(3);
        assertThatThrownBy(() -> table.serve(gone.coordination())).isInstanceOf(BrokerException.class);
        assertThat(table.serve(broker.coordination())).isEqualTo(minute(4));
        assertThat(enqueued()).containsExactly(1L, 2L, 3L);
    }
}
