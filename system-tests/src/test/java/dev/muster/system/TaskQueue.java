package dev.muster.system;

import dev.muster.config.SettingsLoader;
import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Broker.TaskView;
import dev.muster.task.Brokers;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// The queue of an application, as a producer outside of it sees it: works whether the application runs or not.
public final class TaskQueue implements AutoCloseable {
    private static final String QUEUE = "default";

    private final Broker broker;

    private TaskQueue(Broker broker) {
        this.broker = broker;
    }

    /// The store in the application's data directory.
    ///
    /// @param sets further values of the configuration, as `key=value`
    public static TaskQueue of(RunningApp app, String... sets) {
        return in(app.runDir(), app.dataDir(), sets);
    }

    /// The store in a data directory.
    public static TaskQueue in(Path runDir, Path dataDir, String... sets) {
        List<String> all = new ArrayList<>(List.of("run.dir=" + runDir, "data.dir=" + dataDir));
        all.addAll(List.of(sets));
        return new TaskQueue(Brokers.open(SettingsLoader.load("test", null, Map.of(), all)));
    }

    /// The store, for what is not here.
    public Broker broker() {
        return broker;
    }

    /// Enqueues messages, in one step.
    ///
    /// @return their ids
    public List<String> enqueue(String... messages) {
        return enqueueTo(QUEUE, messages);
    }

    /// Enqueues messages to a queue, in one step.
    ///
    /// @return their ids
    public List<String> enqueueTo(String queue, String... messages) {
        return broker.enqueue(Stream.of(messages)
                .map(message -> NewTask.ofLine(message, queue))
                .toList());
    }

    /// Enqueues one task by its name.
    ///
    /// @param parameters JSON, separated by commas
    /// @return its id
    public String call(String task, String parameters) {
        return enqueue("{\"task\":\"" + task + "\",\"param\":[" + parameters + "]}")
                .getFirst();
    }

    /// The numbers of the queue.
    public QueueCounts counts() {
        return counts(QUEUE);
    }

    /// The numbers of a queue.
    public QueueCounts counts(String queue) {
        return broker.counts().getOrDefault(queue, new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0));
    }

    /// A task that is not done yet.
    public Optional<TaskView> find(String id) {
        return broker.find(id);
    }

    /// Waits until so many are done and so many are dead, and none is left beside them.
    public void awaitEnd(int done, int dead) {
        Patience.await(done + " done and " + dead + " dead").untilAsserted(() -> {
            QueueCounts now = counts();
            if (now.done() != done || now.dead() != dead || now.accepted() != done + dead) {
                throw new AssertionError("the queue has " + now);
            }
        });
    }

    /// Waits until a task is a dead letter.
    public TaskView awaitDead(String id) {
        return Patience.await("the end of " + id)
                .until(
                        () -> find(id),
                        found -> found.isPresent() && found.get().state().equals("DEAD"))
                .orElseThrow();
    }

    @Override
    public void close() {
        broker.close();
    }
}
