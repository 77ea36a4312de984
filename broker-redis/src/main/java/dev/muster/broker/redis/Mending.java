package dev.muster.broker.redis;

import dev.muster.task.TaskHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What people do to single tasks: try dead letters again, delete.
///
/// **Threads:** safe for use by many threads.
final class Mending {
    private static final int CHUNK = 500;
    /// The message may be claimed and come back between the look and the deed.
    private static final int TRIES = 3;

    private final Server server;
    private final Viewing viewing;

    Mending(Server server, Viewing viewing) {
        this.server = server;
        this.viewing = viewing;
    }

    boolean retry(String id) {
        String what = "retry the task " + id;
        for (String queue : viewing.queues()) {
            if (retry(what, queue, List.of(id)) > 0) {
                return true;
            }
        }
        return false;
    }

    /// Those that die while it works are left alone.
    int retryAll() {
        int count = 0;
        for (String queue : viewing.queues()) {
            List<String> ids = server.call(
                    "retry all dead letters",
                    client -> client.zrange(server.keys(queue).dead(), 0, -1));
            for (int from = 0; from < ids.size(); from += CHUNK) {
                count += retry("retry all dead letters", queue, ids.subList(from, Math.min(ids.size(), from + CHUNK)));
            }
        }
        return count;
    }

    private int retry(String what, String queue, List<String> ids) {
        List<String> arguments =
                new ArrayList<>(List.of(TaskHistory.line(System.currentTimeMillis(), TaskHistory.MENDED)));
        arguments.addAll(ids);
        return ((Long) server.run(what, Script.RETRY, queue, arguments)).intValue();
    }

    boolean delete(String id) {
        String what = "delete the task " + id;
        for (int i = 0; i < TRIES; i++) {
            Optional<Viewing.Shown> task = viewing.show(id);
            if (task.isEmpty()) {
                return false;
            }
            String text = task.get().view().state().equals("READY")
                    ? task.get().view().payload()
                    : "";
            long done = (Long) server.run(what, Script.DELETE, task.get().view().queue(), List.of(id, text));
            if (done < 2) {
                return done == 1;
            }
        }
        return false;
    }
}
