package dev.muster.broker.redis;

import dev.muster.task.Broker.TaskView;
import dev.muster.task.TaskDesk.Cancellation;
import dev.muster.task.TaskHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What people do to single tasks: try dead letters again, delete, cancel.
///
/// **Threads:** safe for use by many threads.
final class Mending {
    private static final int CHUNK = 500;
    /// The message may be claimed and come back between the look and the deed.
    private static final int TRIES = 3;

    // What the scripts say.
    private static final int NOT_FOUND = 0;
    private static final int DONE = 1;
    private static final int GONE = 2;
    private static final int ASKED = 3;

    private final Server server;
    private final Viewing viewing;

    Mending(Server server, Viewing viewing) {
        this.server = server;
        this.viewing = viewing;
    }

    boolean retry(String id) {
        String what = "retry the task " + id;
        for (String queue : viewing.queues()) {
            if (retry(what, queue, true, List.of(id)) > 0) {
                return true;
            }
        }
        return false;
    }

    /// Those that die while it works are left alone, and so are those that were cancelled.
    int retryAll() {
        int count = 0;
        for (String queue : viewing.queues()) {
            List<String> ids = server.call(
                    "retry all dead letters",
                    client -> client.zrange(server.keys(queue).dead(), 0, -1));
            for (int from = 0; from < ids.size(); from += CHUNK) {
                List<String> some = ids.subList(from, Math.min(ids.size(), from + CHUNK));
                count += retry("retry all dead letters", queue, false, some);
            }
        }
        return count;
    }

    private int retry(String what, String queue, boolean cancelled, List<String> ids) {
        String line = TaskHistory.line(System.currentTimeMillis(), TaskHistory.MENDED);
        List<String> arguments = new ArrayList<>(List.of(line, cancelled ? "1" : "0"));
        arguments.addAll(ids);
        return ((Long) server.run(what, Script.RETRY, queue, arguments)).intValue();
    }

    boolean delete(String id) {
        return end("delete the task " + id, Script.DELETE, id, List.of()) == DONE;
    }

    Cancellation cancel(String id) {
        return switch (end(
                "cancel the task " + id, Script.CANCEL, id, List.of(Cancelling.line(), Cancelling.WAITING))) {
            case DONE -> Cancellation.CANCELLED;
            case ASKED -> Cancellation.ASKED;
            default -> Cancellation.NOT_FOUND;
        };
    }

    /// An id is unique in its queue only. If the task of one queue does not fit, that of another may.
    ///
    /// @param more arguments of the script behind the id and the message
    /// @return what it says
    private int end(String what, Script script, String id, List<String> more) {
        for (String queue : viewing.queues()) {
            int done = end(what, script, queue, id, more);
            if (done != NOT_FOUND) {
                return done;
            }
        }
        return NOT_FOUND;
    }

    private int end(String what, Script script, String queue, String id, List<String> more) {
        for (int i = 0; i < TRIES; i++) {
            Optional<Viewing.Shown> task = viewing.show(queue, id);
            if (task.isEmpty()) {
                return NOT_FOUND;
            }
            TaskView view = task.get().view();
            List<String> arguments = new ArrayList<>(List.of(id, view.state().equals("READY") ? view.payload() : ""));
            arguments.addAll(more);
            int done = ((Long) server.run(what, script, queue, arguments)).intValue();
            if (done != GONE) {
                return done;
            }
        }
        return NOT_FOUND;
    }
}
