package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.ExitReason;
import dev.muster.control.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DepartureTest {
    private final List<Object> happened = new CopyOnWriteArrayList<>();

    @Test
    void closesInOppositeOrderThenSaysByeThenExits() {
        Departure departure = new Departure(happened::add);
        departure.mouth(happened::add);
        departure.closing(() -> happened.add("first"));
        departure.closing(() -> happened.add("second"));
        departure.leave(ExitReason.SIGNAL, "15", false, 0);
        assertThat(happened).containsExactly("second", "first", new Message.Bye(ExitReason.SIGNAL, "15", false), 0);
        assertThat(departure.begun()).isTrue();
    }

    @Test
    void aStepThatFailsDoesNotKeepTheProcessNorItsLastWord() {
        Departure departure = new Departure(happened::add);
        departure.mouth(happened::add);
        departure.closing(() -> {
            throw new OutOfMemoryError("step");
        });
        departure.leave(ExitReason.ERROR, "line 1\nline 2", true, 1);
        assertThat(happened).containsExactly(new Message.Bye(ExitReason.ERROR, "line 1 line 2", true), 1);
    }

    @Test
    void aStepThatHangsIsCutOff() {
        Departure departure = new Departure(_ -> {}, happened::add, 50_000_000L);
        CountDownLatch never = new CountDownLatch(1);
        departure.closing(() -> {
            while (never.getCount() > 0) {
                LockSupport.park();
            }
        });
        Thread leaving = new Thread(() -> departure.leave(ExitReason.REQUESTED, "", false, 42));
        leaving.setDaemon(true);
        leaving.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> happened.contains(42));
        assertThat(leaving.isAlive()).isTrue();
        never.countDown();
        LockSupport.unpark(leaving);
    }

    @Test
    void onlyTheFirstToLeaveLeaves() throws Exception {
        Departure departure = new Departure(happened::add);
        departure.leave(ExitReason.CLEAN, "", false, 7);
        Thread second = new Thread(() -> departure.leave(ExitReason.ERROR, "", false, 8));
        second.setDaemon(true);
        second.start();
        await().atMost(Duration.ofSeconds(5)).until(() -> second.getState() == Thread.State.WAITING);
        second.interrupt();
        await().atMost(Duration.ofSeconds(5))
                .until(() -> !second.isInterrupted() && second.getState() == Thread.State.WAITING);
        assertThat(happened).containsExactly(7);
    }
}
