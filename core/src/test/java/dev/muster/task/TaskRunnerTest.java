package dev.muster.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

@Timeout(20)
@ResourceLock("calls of SampleTasks")
class TaskRunnerTest {
    private static final String SAMPLES = SampleTasks.class.getName();
    private final TaskRunner runner = new TaskRunner(SampleTasks.catalog(), Instances.constructor(), 300_000);

    @BeforeEach
    void clear() {
        SampleTasks.CALLS.clear();
    }

    private static Claim claim(String payload, int attempts) {
        return new Claim("id", 7, "q", payload, attempts, 0, false);
    }

    private static String call(String method) {
        return "{\"class\":\"" + SAMPLES + "\",\"method\":\"" + method + "\"}";
    }

    private Outcome run(String payload, int attempts) {
        return switch (SampleTasks.prepared(runner, claim(payload, attempts))) {
            case TaskRunner.Work work -> runner.run(work);
            case TaskRunner.Hopeless hopeless -> hopeless.outcome();
        };
    }

    private TaskRunner.Work work(String payload) {
        return (TaskRunner.Work) SampleTasks.prepared(runner, claim(payload, 0));
    }

    @Test
    void runsStaticAndPrivateMethodsAndANewObjectForEachTask() {
        String mail = "{\"class\":\"" + SAMPLES + "$Mailer\",\"method\":\"send\",\"param\":[\"x\"]}";

        assertThat(run("{\"task\":\"sum\",\"param\":[1,2]}", 0)).isInstanceOf(Outcome.Done.class);
        assertThat(run(call("nothing"), 0)).isInstanceOf(Outcome.Done.class);
        assertThat(run(mail, 0)).isInstanceOf(Outcome.Done.class);
        assertThat(run(mail, 0)).isInstanceOf(Outcome.Done.class);
        assertThat(SampleTasks.CALLS).containsExactly(3L, "nothing", "sent x by 2", "sent x by 3");
    }

    @Test
    void runsNothingWhileItPrepares() {
        TaskRunner.Work work = work("{\"task\":\"sum\",\"param\":[1,2],\"timeout\":50}");

        assertThat(SampleTasks.CALLS).isEmpty();
        assertThat(work.limitMillis()).isEqualTo(50);
    }

    @Test
    void knowsTheLimitOfAnAttempt() {
        assertThat(work("{\"task\":\"sum\",\"param\":[1,2]}").limitMillis()).isEqualTo(1000);
        assertThat(work(call("nothing")).limitMillis()).isEqualTo(300_000);
    }

    @Test
    void anExceptionSpendsAnAttempt() {
        Outcome first = run(call("fails"), 0);
        Outcome last = run(call("fails"), 1);

        assertThat(first).isInstanceOfSatisfying(Outcome.Retry.class, retry -> {
            assertThat(retry.error()).contains("IllegalStateException: no luck").contains("SampleTasks.fails");
            assertThat(retry.payload()).isEqualTo(call("fails"));
            assertThat(retry.delay().toMillis()).isBetween(0L, 200L);
        });
        assertThat(last).isInstanceOfSatisfying(Outcome.Dead.class, dead -> {
            assertThat(dead.reason()).isEqualTo(DeadReason.FAILED);
            assertThat(dead.detail())
                    .startsWith("java.lang.IllegalStateException: no luck\n\tat " + SAMPLES + ".fails");
        });
    }

    @Test
    void aRetryExceptionEndsWithItsOwnReason() {
        assertThat(run(call("asksForRetry"), 0)).isInstanceOf(Outcome.Retry.class);
        assertThat(run(call("asksForRetry"), 1))
                .isInstanceOfSatisfying(
                        Outcome.Dead.class, dead -> assertThat(dead.reason()).isEqualTo(DeadReason.RETRIES_SPENT));
    }

    @Test
    void retryOfTheMessageBeatsTheDeclaration() {
        String payload = "{\"class\":\"" + SAMPLES + "\",\"method\":\"fails\",\"retry\":%d}";

        assertThat(run(payload.formatted(5), 4))
                .isInstanceOfSatisfying(
                        Outcome.Retry.class,
                        retry -> assertThat(retry.payload()).isEqualTo(payload.formatted(4)));
        assertThat(run(payload.formatted(1), 0)).isInstanceOf(Outcome.Dead.class);
    }

    @Test
    void aStackOverflowIsAnOrdinaryFailureWithAShortStack() {
        assertThat(run(call("recurses"), 0)).isInstanceOfSatisfying(Outcome.Dead.class, dead -> {
            assertThat(dead.reason()).isEqualTo(DeadReason.FAILED);
            assertThat(dead.detail()).startsWith("java.lang.StackOverflowError").hasSizeLessThanOrEqualTo(8192);
        });
    }

    @Test
    void runningOutOfMemoryIsNotSwallowed() {
        assertThatThrownBy(() -> run(call("runsOutOfMemory"), 0)).isInstanceOf(OutOfMemoryError.class);
    }

    private Outcome throwsWhat(String what, int attempts) {
        return run("{\"class\":\"" + SAMPLES + "\",\"method\":\"throwsWhat\",\"param\":[\"" + what + "\"]}", attempts);
    }

    @Test
    void whatAnExceptionMeansIsSaidBesideTheTask() {
        assertThat(throwsWhat("other", 0)).isInstanceOf(Outcome.Retry.class);
        assertThat(throwsWhat("gone", 0)).as("discarded").isInstanceOf(Outcome.Done.class);
        assertThat(throwsWhat("state", 0)).isInstanceOfSatisfying(Outcome.Dead.class, dead -> {
            assertThat(dead.reason()).isEqualTo(DeadReason.FAILED);
            assertThat(dead.detail()).startsWith("java.util.concurrent.CancellationException");
        });
    }

    @Test
    void aSnoozeSpendsNothingWhateverIsLeft() {
        for (int attempts : List.of(0, 2, 100)) {
            assertThat(throwsWhat("snooze", attempts)).isInstanceOfSatisfying(Outcome.Snooze.class, snooze -> {
                assertThat(snooze.delay()).isEqualTo(Duration.ofSeconds(7));
                assertThat(snooze.why()).isEqualTo("not yet");
            });
        }
    }

    @Test
    void aRetryExceptionMaySayWhenItComesAgain() {
        assertThat(throwsWhat("later", 0))
                .isInstanceOfSatisfying(
                        Outcome.Retry.class, retry -> assertThat(retry.delay()).isEqualTo(Duration.ofSeconds(9)));
        assertThat(throwsWhat("later", 2)).isInstanceOf(Outcome.Dead.class);
        assertThatThrownBy(() -> new RetryException("x", Duration.ofSeconds(-1)))
                .hasMessageContaining("not by PT-1S");
        assertThatThrownBy(() -> new SnoozeException(Duration.ofDays(3661))).hasMessageContaining("3660");
    }

    @Test
    void isTriedForATimeHoweverOften() {
        long now = System.currentTimeMillis();
        Claim early = new Claim("id", 7, "q", "{\"task\":\"listed\"}", 500, 0, false, now - 45_000);
        Claim late = new Claim("id", 7, "q", "{\"task\":\"listed\"}", 1, 0, false, now - 51_000);

        assertThat(runner.run((TaskRunner.Work) SampleTasks.prepared(runner, early)))
                .isInstanceOfSatisfying(
                        Outcome.Retry.class, retry -> assertThat(retry.delay()).isEqualTo(Duration.ofSeconds(10)));
        assertThat(runner.run((TaskRunner.Work) SampleTasks.prepared(runner, late)))
                .as("ten seconds more would be too late")
                .isInstanceOf(Outcome.Dead.class);
    }

    @Test
    void isNotTriedWhenItHasWaitedUntilItIsTooLate() {
        long minuteAgo = System.currentTimeMillis() - 61_000;
        Claim claim = new Claim("id", 7, "q", "{\"task\":\"listed\"}", 1, 0, false, minuteAgo);

        assertThat(SampleTasks.prepared(runner, claim)).isInstanceOfSatisfying(TaskRunner.Hopeless.class, hopeless -> {
            assertThat(hopeless.outcome().reason()).isEqualTo(DeadReason.EXPIRED);
            assertThat(hopeless.outcome().detail()).contains("later than 1m after the first");
        });
    }

    @Test
    void givesTheContextToTheMethodAndToItsThread() {
        Claim claim = new Claim(
                "id-4", 7, "q", "{\"class\":\"" + SAMPLES + "\",\"method\":\"tells\",\"param\":[1,2]}", 2, 0, false);
        Instant before = Instant.now();
        assertThat(runner.run((TaskRunner.Work) SampleTasks.prepared(runner, claim)))
                .isInstanceOf(Outcome.Done.class);

        assertThat(SampleTasks.CALLS).hasSize(3).first().isEqualTo(3L);
        TaskContext context = (TaskContext) SampleTasks.CALLS.get(1);
        assertThat(SampleTasks.CALLS.get(2)).isSameAs(context);
        assertThat(context.id()).isEqualTo("id-4");
        assertThat(context.queue()).isEqualTo("q");
        assertThat(context.attempt()).isEqualTo(3);
        assertThat(context.token()).isEqualTo(7);
        assertThat(context.deadline())
                .isBetween(before.plusSeconds(299), Instant.now().plusSeconds(301));
        assertThat(context.timeLeft()).isBetween(Duration.ofSeconds(250), Duration.ofSeconds(300));
        assertThat(context.softLimitReached()).isFalse();
        assertThatThrownBy(TaskContext::current)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no task runs on the thread");
    }

    @Test
    void anInterruptDoesNotReachTheNextTask() {
        assertThat(run(call("leavesAnInterrupt"), 0)).isInstanceOf(Outcome.Done.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void anObjectThatCannotBeMadeIsAFailedAttempt() {
        assertThat(run("{\"class\":\"" + SAMPLES + "$Unmakeable\",\"method\":\"run\"}", 0))
                .isInstanceOfSatisfying(Outcome.Dead.class, dead -> {
                    assertThat(dead.reason()).isEqualTo(DeadReason.FAILED);
                    assertThat(dead.detail()).contains("no constructor without parameters");
                });
        assertThat(SampleTasks.CALLS).isEmpty();
    }

    @Test
    void whatCannotRunIsDeadAtOnce() {
        assertThat(run("no json", 0))
                .isInstanceOfSatisfying(
                        Outcome.Dead.class, dead -> assertThat(dead.reason()).isEqualTo(DeadReason.MALFORMED));
        assertThat(run("{\"task\":\"nobody\",\"retry\":5}", 0))
                .isInstanceOfSatisfying(
                        Outcome.Dead.class, dead -> assertThat(dead.reason()).isEqualTo(DeadReason.UNKNOWN_TASK));
    }
}
