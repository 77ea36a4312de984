package dev.muster.broker.sql;

import dev.muster.task.QueueName;
import java.sql.ResultSet;
import java.util.Set;
import java.util.TreeSet;

/// Pauses queues.
///
/// **Threads:** safe for use by many threads and processes.
final class Pausing {
    private final Store store;

    Pausing(Store store) {
        this.store = store;
    }

    void pause(String queue, boolean paused) {
        QueueName.checked(queue);
        boolean _ = store.ledger()
                .write(
                        (paused ? "pause" : "resume") + " the queue " + queue,
                        session -> session.update(
                                        "INSERT INTO queue(name, paused) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET"
                                                + " paused = excluded.paused",
                                        queue,
                                        paused ? 1 : 0)
                                == 1);
        store.changes().changed(queue);
    }

    Set<String> paused() {
        return store.ledger().read("list the paused queues", session -> {
            Set<String> names = new TreeSet<>();
            try (ResultSet rows = session.statement("SELECT name FROM queue WHERE paused <> 0")
                    .executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            return names;
        });
    }
}
