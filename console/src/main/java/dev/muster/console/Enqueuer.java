package dev.muster.console;

import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Accepts the lines of a stream in batches: as many as there are, up to a limit of count and size, and none waits long
/// for others to come, so that a slow producer sees its ids at once and a fast one pays one commit for many.
///
/// **Threads:** [#run(InputStream)] blocks its caller; a daemon thread reads the stream. **Failure:** if this process
/// dies, every id that was handed on is kept, and at most one batch more.
final class Enqueuer {
    /// The largest line that is taken for a message, in bytes, unless the application allows larger ones.
    static final int LINE_LIMIT = 16 << 20;

    private static final int MAX_LINES = 500;
    private static final long MAX_BYTES = 4 << 20;
    private static final long MAX_WAIT = TimeUnit.MILLISECONDS.toNanos(50);

    private final Broker broker;
    private final String queue;
    private final int lineLimit;
    private final Consumer<List<String>> accepted;
    private long kept;

    /// @param queue for messages that do not name theirs
    /// @param lineLimit the largest line that is taken for a message, in bytes; of a larger one the beginning is
    ///     kept
    /// @param accepted receives the ids of each batch once it is kept
    Enqueuer(Broker broker, String queue, int lineLimit, Consumer<List<String>> accepted) {
        this.broker = broker;
        this.queue = queue;
        this.lineLimit = lineLimit;
        this.accepted = accepted;
    }

    /// How many messages were kept so far.
    long kept() {
        return kept;
    }

    /// Accepts everything up to the end of the stream.
    ///
    /// @throws IOException if the stream cannot be read; what came before it is kept
    /// @throws dev.muster.task.BrokerException if a batch was not kept; those before it are
    void run(InputStream in) throws IOException, InterruptedException {
        LineFeed lines = LineFeed.start(in, lineLimit);
        List<NewTask> batch = new ArrayList<>();
        long bytes = 0;
        long due = 0;
        while (true) {
            LineFeed.@Nullable Line line = batch.isEmpty() ? lines.take() : lines.poll(due - System.nanoTime());
            if (line != null && !line.end()) {
                due = batch.isEmpty() ? System.nanoTime() + MAX_WAIT : due;
                batch.add(line.task(queue));
                bytes += line.size();
            }
            boolean full = batch.size() == MAX_LINES || bytes >= MAX_BYTES;
            boolean over = line == null || line.end();
            if (!batch.isEmpty() && (full || over)) {
                List<String> ids = broker.enqueue(batch);
                kept += ids.size();
                accepted.accept(ids);
                batch.clear();
                bytes = 0;
            }
            if (line != null && line.end()) {
                lines.throwFailure();
                return;
            }
        }
    }
}
