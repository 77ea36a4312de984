package dev.muster.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class TasksTest {
    private static TaskReference of(TaskMethod.Static1<String> method) {
        return TaskReference.of(method, null);
    }

    private static <T, A> TaskReference of(Class<T> type, TaskMethod.Instance1<T, A> method) {
        return TaskReference.of(method, type);
    }

    @Test
    void readsTheNameAndTheQueueFromAMethodReference() {
        TaskMethod.Static2<Long, Integer> sum = SampleTasks::sum;

        assertThat(TaskReference.of(sum, null)).isEqualTo(new TaskReference("sum", "sums"));
        assertThat(of(SampleTasks::one)).isEqualTo(new TaskReference(SampleTasks.class.getName() + ".one", ""));
    }

    @Test
    void refusesWhatAnotherProcessCannotRun() {
        Named named = new Named();

        assertThatThrownBy(() -> of(text -> SampleTasks.one(text))).hasMessageContaining("lambda");
        assertThatThrownBy(() -> of(named::taskless)).hasMessageContaining("object at hand");
        assertThatThrownBy(() -> of(Named.class, Named::taskless)).hasMessageContaining("@Task");
        assertThat(of(Named.class, Named::hello)).isEqualTo(new TaskReference(Named.class.getName() + ".hello", ""));
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
    }
}
