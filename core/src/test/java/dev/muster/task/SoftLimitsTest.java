package dev.muster.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.Outcome;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

@Timeout(20)
@ResourceLock("calls of SampleTasks")
class SoftLimitsTest {
    private static final String SAMPLES = SampleTasks.class.getName();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final TaskRunner.Interrupts listener = new TaskRunner.Interrupts() {
        @Override
        public void interrupting(String what) {
            heard.add(what);
        }

        @Override
        public void interrupted() {
            heard.add("interrupted");
        }
    };
    private final TaskRunner runner =
            new TaskRunner(SampleTasks.catalog(), Instances.constructor(), 300_000, listener, TaskRunner.Results.NONE);

    @BeforeEach
    void clear() {
        SampleTasks.CALLS.clear();
    }

    private static Claim claim(String then, String more, int attempts) {
        String message =
                "{\"class\":\"" + SAMPLES + "\",\"method\":\"waits\",\"param\":[\"" + then + "\"]" + more + "}";
        return new Claim("id", 7, "q", message, attempts, 0, false);
    }

    private TaskRunner.Work work(String then, String more, int attempts) {
        return (TaskRunner.Work) SampleTasks.prepared(runner, claim(then, more, attempts));
    }

    @Test
    void theTaskIsInterruptedAndItsHooksRunOnce() {
        Outcome outcome = runner.run(work("return", "", 0));

        assertThat(outcome).as("it ended well all the same").isInstanceOf(Outcome.Done.class);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(SampleTasks.CALLS).containsExactly("hook", "over true", "late hook");
        await().until(() -> heard.contains("interrupted"));
        assertThat(heard)
                .containsExactly(
                        "task id (" + SAMPLES + ".waits) reached its soft limit of 50 ms in attempt 1", "interrupted");
    }

    @Test
    void whatItThrowsThenSaysSo() {
        assertThat(runner.run(work("throw", "", 0)))
                .isInstanceOfSatisfying(
                        Outcome.Retry.class,
                        retry -> assertThat(retry.error())
                                .startsWith("after its soft limit of 50 ms: java.lang.InterruptedException"));
        assertThat(runner.run(work("throw", ",\"softTimeout\":1", 1)))
                .isInstanceOfSatisfying(Outcome.Dead.class, dead -> {
                    assertThat(dead.reason()).isEqualTo(DeadReason.SOFT_LIMIT);
                    assertThat(dead.detail())
                            .startsWith("after its soft limit of 1 ms: java.lang.InterruptedException");
                });
    }

    @Test
    void theMessageBeatsTheDeclarationAndAHardLimitBelowItMakesItVain() {
        assertThat(work("return", "", 0).softMillis()).isEqualTo(50);
        assertThat(work("return", ",\"softTimeout\":70", 0).softMillis()).isEqualTo(70);
        assertThat(work("return", ",\"timeout\":40", 0).softMillis()).isZero();
        assertThat(SampleTasks.prepared(runner, claim("return", ",\"timeout\":40,\"softTimeout\":40", 0)))
                .isInstanceOfSatisfying(
                        TaskRunner.Hopeless.class,
                        hopeless -> assertThat(hopeless.outcome().detail())
                                .contains("'softTimeout' is 40; legal is a number below 'timeout', which is 40"));
    }

    @Test
    void whoHasEndedIsNotInterruptedAnyMore() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        RunningTask task = new RunningTask(claim("return", "", 0), 60_000, TaskRunner.Results.NONE);
        task.onSoftLimit(asked::countDown);
        task.end();
        SoftLimits limits = new SoftLimits(listener);

        Future<?> watched = limits.watch(task, "late", 1);

        await().until(watched::isDone);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(task.softLimitReached()).isFalse();
        assertThat(heard).isEmpty();
        assertThat(asked.getCount()).isEqualTo(1);
    }
}
