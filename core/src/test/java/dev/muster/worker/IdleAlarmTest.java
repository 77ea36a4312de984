package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.task.Broker;
import dev.muster.task.BrokerException;
import dev.muster.task.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// When a worker that takes nothing is said to be idle, and what is done about it.
@Timeout(10)
class IdleAlarmTest {
    private static final long LIMIT = Duration.ofSeconds(30).toNanos();
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final List<String> told = new ArrayList<>();
    private Standing standing = new Standing(true, 0, 0);
    private final IdleAlarm alarm = new IdleAlarm(() -> standing, new Queues(), told::add, LIMIT);
    private long ready;
    private int asked;
    private int opened;
    private boolean away;
    private long now;

    private final class Queues implements IdleAlarm.Source {
        @Override
        public long ready() {
            asked++;
            return ready;
        }

        @Override
        public void reopen() {
            if (away) {
                throw new BrokerException("it is away");
            }
            opened++;
        }
    }

    @BeforeEach
    void begin() {
        alarm.begin(now);
    }

    /// Time passes, and the store answers the worker's claims or does not.
    private void pass(int seconds, boolean answers) {
        for (int i = 0; i < seconds; i++) {
            now += SECOND;
            if (answers) {
                standing = new Standing(standing.idle(), now, standing.taken());
            }
            alarm.look(now);
        }
    }

    private void takes() {
        standing = new Standing(true, now, standing.taken() + 1);
    }

    @Test
    void aBacklogThatLastsOpensTheStoreAnewAndThenTellsTheMasterOnce() {
        ready = 3;
        pass(29, true);
        assertThat(opened).isZero();
        pass(4, true);
        assertThat(opened).isOne();
        assertThat(told).isEmpty();
        pass(34, true);
        assertThat(opened).isEqualTo(2);
        assertThat(told).singleElement().asString().contains("taken none of 3 ready tasks");
        pass(300, true);
        assertThat(told).hasSize(1);
        takes();
        pass(1, true);
        assertThat(told).hasSize(2).last().isEqualTo("");
    }

    @Test
    void aBacklogThatIsNotCountedToItsEndIsToldSo() {
        ready = Broker.MANY;
        pass(70, true);
        assertThat(told).singleElement().asString().contains("taken none of 1000 or more ready tasks");
    }

    @Test
    void aBacklogThatOthersWorkOffIsNone() {
        for (int i = 0; i < 60; i++) {
            ready = i % 3 == 0 ? 0 : 5;
            pass(8, true);
        }
        assertThat(opened).isZero();
    }

    @Test
    void whoTakesNowAndThenIsWell() {
        ready = 5;
        for (int i = 0; i < 20; i++) {
            pass(25, true);
            takes();
        }
        assertThat(opened).isZero();
        assertThat(told).isEmpty();
    }

    @Test
    void whoWorksIsAskedNothing() {
        ready = 5;
        standing = new Standing(false, 0, 1);
        pass(300, false);
        assertThat(asked).isZero();
        assertThat(opened).isZero();
    }

    @Test
    void anIdleWorkerAsksTheStoreFourTimesInTheLimit() {
        pass(300, true);
        assertThat(asked).isBetween(30, 40);
        assertThat(opened).isZero();
    }

    @Test
    void aStoreThatAnswersNoClaimIsOpenedAnewWithoutAskingIt() {
        pass(10, true);
        int before = asked;
        pass(35, false);
        assertThat(opened).isZero();
        pass(2, false);
        assertThat(opened).isOne();
        assertThat(asked - before).as("only while the answer was not late").isLessThan(2);
        pass(10, true);
        assertThat(told).isEmpty();
    }

    @Test
    void aStoreThatIsAwayIsNoReasonToReplaceTheProcess() {
        away = true;
        pass(600, false);
        assertThat(told).isEmpty();
        away = false;
        pass(37, false);
        assertThat(opened).isOne();
    }

    @Test
    void whatWasBeforeAStandstillDoesNotCount() {
        ready = 5;
        pass(29, true);
        now += 3_600 * SECOND;
        alarm.begin(now);
        pass(20, false);
        assertThat(opened).isZero();
    }
}
