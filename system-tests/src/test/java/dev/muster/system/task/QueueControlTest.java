package dev.muster.system.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.TaskQueue;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Steered;
import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.TaskDesk.Cancellation;
import dev.muster.task.TaskStatus;
import dev.muster.task.Tasks;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Queues and running tasks that are steered from another JVM, which this test is.
@Timeout(180)
class QueueControlTest {
    @TempDir
    Path directory;

    private List<String> ledger() {
        return Ledger.texts(directory, "tasks");
    }

    private TaskStatus status(Tasks tasks, String id) {
        return tasks.find(id).orElseThrow(() -> new AssertionError("the task " + id + " is not known"));
    }

    private void awaitState(Tasks tasks, String id, String state) {
        Patience.await(id + " " + state)
                .until(() -> tasks.find(id).filter(s -> s.state().equals(state)).isPresent());
    }

    @Test
    void resultsProgressCancellationPausesAndOrder() {
        RunningApp app = RunningApp.of(Steered.class, directory)
                .packed(Ledger.class)
                .set("tasks.workers", "1")
                .set("tasks.queues", "urgent,default");
        try (app) {
            app.start();
            try (Tasks tasks = Tasks.connect("sqlite:" + app.dataDir().resolve("queue.db") + "?durability=process");
                    TaskQueue queue = TaskQueue.of(app)) {
                resultsCanBeAskedFor(tasks);
                aWaitingTaskIsInterruptedAndLeavesItsWorkerToAnother(app, tasks, queue.broker());
                aTaskThatHearsNothingIsKilled(app, tasks, queue.broker());
                aPausedQueueHandsOutNothing(tasks, queue.broker());
                theFirstQueueComesFirst(queue.broker());
                whatIsTooLateIsNotStarted(tasks);
            }
        }
    }

    private void resultsCanBeAskedFor(Tasks tasks) {
        String id = tasks.submit().enqueue("sum", 2, 3);
        awaitState(tasks, id, "DONE");
        assertThat(status(tasks, id).result(Map.class)).contains(Map.of("sum", 5));
        String nothing = tasks.submit().enqueue("note", "no result");
        Patience.await("its end").until(() -> tasks.find(nothing).isEmpty());
    }

    private void aWaitingTaskIsInterruptedAndLeavesItsWorkerToAnother(RunningApp app, Tasks tasks, Broker broker) {
        long worker = app.pid("task");
        String id = tasks.submit().enqueue("wait");
        Patience.await("its progress").until(() -> status(tasks, id).progress().equals("{\"percent\":42}"));
        assertThat(broker.cancel(id)).isEqualTo(Cancellation.ASKED);
        awaitState(tasks, id, "DEAD");
        assertThat(status(tasks, id).reason()).isEqualTo("CANCELLED");
        // The hook runs beside the task, perhaps until after its end.
        Patience.await("its hook").until(() -> ledger().contains("asked to end"));
        assertThat(ledger()).contains("cancelled true").containsOnlyOnce("wait");
        // An interrupt may have broken what the whole process uses.
        app.awaitReplaced("task", worker);
        assertThat(app.deaths("task").getLast().get("reason").asString()).isEqualTo("RECYCLE");
    }

    private void aTaskThatHearsNothingIsKilled(RunningApp app, Tasks tasks, Broker broker) {
        String id = tasks.submit().enqueue("spin");
        Patience.await("its start").until(() -> ledger().contains("spin"));
        long worker = app.pid("task");
        assertThat(broker.cancel(id)).isEqualTo(Cancellation.ASKED);
        app.awaitReplaced("task", worker);
        awaitState(tasks, id, "DEAD");
        assertThat(status(tasks, id).reason()).isEqualTo("CANCELLED");
        assertThat(app.deaths("task").getLast().get("reason").asString()).isEqualTo("STUCK");
        assertThat(ledger()).containsOnlyOnce("spin");
    }

    private void aPausedQueueHandsOutNothing(Tasks tasks, Broker broker) {
        broker.pause("default");
        String held = tasks.submit().enqueue("note", "held back");
        String other = tasks.submit().queue("urgent").enqueue("note", "not held back");
        Patience.await("the other queue").until(() -> ledger().contains("not held back"));
        Patience.await("its end").until(() -> tasks.find(other).isEmpty());
        assertThat(status(tasks, held).state()).isEqualTo("READY");
        broker.resume("default");
        Patience.await("its turn").until(() -> ledger().contains("held back"));
    }

    private void theFirstQueueComesFirst(Broker broker) {
        broker.pause("default");
        broker.pause("urgent");
        List<String> _ = broker.enqueue(List.of(
                new NewTask("", "default", "{\"task\":\"note\",\"param\":[\"3\"]}", Duration.ZERO, ""),
                new NewTask("", "urgent", "{\"task\":\"note\",\"param\":[\"2\"]}", Duration.ZERO, ""),
                new NewTask("", "urgent", "{\"task\":\"note\",\"param\":[\"1\"]}", Duration.ZERO, "", 5, "")));
        broker.resume("urgent");
        Patience.await("both").until(() -> ledger().contains("2"));
        broker.resume("default");
        Patience.await("the last").until(() -> ledger().contains("3"));
        assertThat(ledger()).containsSubsequence("1", "2", "3");
    }

    private void whatIsTooLateIsNotStarted(Tasks tasks) {
        String late = tasks.submit()
                .delay(Duration.ofMillis(300))
                .expires(Duration.ofMillis(1))
                .enqueue("note", "late");
        awaitState(tasks, late, "DEAD");
        assertThat(status(tasks, late).reason()).isEqualTo("EXPIRED");
        assertThat(ledger()).doesNotContain("late");
    }
}
