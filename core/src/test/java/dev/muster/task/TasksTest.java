package dev.muster.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.config.Settings;
import dev.muster.worker.MemoryBroker;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;

@Timeout(20)
@ResourceLock("calls of SampleTasks")
class TasksTest {
    private static final TaskContext CONTEXT =
            new RunningTask(new Broker.Claim("id", 1, "q", "{}", 0, 0, false), 1, TaskRunner.Results.NONE);

    private static TaskReference of(TaskMethod.Static1<String> method) {
        return TaskReference.of(method, null);
    }

    private static <T, A> TaskReference of(Class<T> type, TaskMethod.Instance1<T, A> method) {
        return TaskReference.of(method, type);
    }

    @Test
    void readsTheNameAndTheQueueFromAMethodReference() {
        TaskMethod.Static2<Long, Integer> sum = SampleTasks::sum;

        assertThat(TaskReference.of(sum, null)).isEqualTo(new TaskReference("sum", "sums", 2, -1));
        assertThat(of(SampleTasks::one)).isEqualTo(new TaskReference(SampleTasks.class.getName() + ".one", "", 1, -1));
    }

    @Test
    void refusesWhatAnotherProcessCannotRun() {
        Named named = new Named();

        assertThatThrownBy(() -> of(text -> SampleTasks.one(text))).hasMessageContaining("lambda");
        assertThatThrownBy(() -> of(named::taskless)).hasMessageContaining("object at hand");
        assertThatThrownBy(() -> of(Named.class, Named::taskless)).hasMessageContaining("@Task");
        assertThat(of(Named.class, Named::hello))
                .isEqualTo(new TaskReference(Named.class.getName() + ".hello", "", 1, -1));
    }

    @Test
    void enqueuesWhatTakesAContextLikeAnythingElse() {
        MemoryBroker queue = new MemoryBroker();
        Tasks.use(Settings.of(Map.of()), List.of(), () -> queue);
        try {
            Tasks.enqueue(Named.class, Named::last, "x");
            Tasks.enqueue(Named.class, Named::first, null, "x");
            Tasks.enqueue(Named::alone);
            Tasks.delay(Duration.ofSeconds(1)).enqueue(Named::numbered, 1L, 2L);
            // The name stands for two methods: the one without a context is meant.
            Tasks.enqueue(Named::twice, "x");
            assertThatThrownBy(() -> Tasks.enqueue(Named.class, Named::first, CONTEXT, "x"))
                    .hasMessageContaining("enqueue it with null in its place");
        } finally {
            Tasks.unuse();
        }

        String name = Named.class.getName();
        assertThat(queue.claim("any", "me", 10))
                .extracting(Broker.Claim::payload)
                .containsExactly(
                        "{\"task\":\"" + name + ".last\",\"param\":[\"x\"]}",
                        "{\"task\":\"" + name + ".first\",\"param\":[\"x\"]}",
                        "{\"task\":\"" + name + ".alone\",\"param\":[]}",
                        "{\"task\":\"" + name + ".numbered\",\"param\":[1,2]}",
                        "{\"task\":\"" + name + ".twice\",\"param\":[\"x\"]}");
    }

    @Test
    void termsAreCheckedWhereTheyAreSaid() {
        TaskSubmission terms = new TaskSubmission(new Destination("any", List.of(), MemoryBroker::new));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> terms.delay(Duration.ofMillis(-1)))
                .withMessage("a task can be delayed by 0 to 3660 days, not by PT-0.001S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> terms.at(Instant.now().plus(Duration.ofDays(3661))))
                .withMessageContaining("0 to 3660 days");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> terms.queue(""))
                .withMessageContaining("1 to 128 characters, this one has 0");
        for (int priority : List.of(10, -10, Integer.MIN_VALUE)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> terms.priority(priority))
                    .withMessage("the priority of a task is -9 to 9 (the highest), not " + priority);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> terms.unique("k".repeat(201)))
                .withMessageContaining("at most 200 characters, this one has 201");
        assertThat(terms.at(Instant.EPOCH)).isNotSameAs(terms);
    }

    @Test
    void saysWhereItDoesNotWork() {
        assertThatThrownBy(() -> Tasks.enqueue("sum", 1, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Muster.run");
    }

    static final class Named {
        void taskless(String text) {
            SampleTasks.CALLS.add(text);
        }

        @Task
        void hello(String text) {
            SampleTasks.CALLS.add(text);
        }

        @Task
        void last(String text, TaskContext context) {
            SampleTasks.CALLS.add(text + context);
        }

        @Task
        void first(TaskContext context, String text) {
            SampleTasks.CALLS.add(text + context);
        }

        @Task
        static void alone(TaskContext context) {
            SampleTasks.CALLS.add(context);
        }

        @Task
        static void numbered(long a, long b, TaskContext context) {
            SampleTasks.CALLS.add(a + b + context.token());
        }

        @Task
        static void twice(String text) {
            SampleTasks.CALLS.add(text);
        }

        static void twice(String text, TaskContext context) {
            SampleTasks.CALLS.add(text + context);
        }
    }
}
