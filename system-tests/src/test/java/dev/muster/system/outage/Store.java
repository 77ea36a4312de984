package dev.muster.system.outage;

import dev.muster.system.TaskQueue;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Path;

/// The server of a store, real and of a test's own.
///
/// **Threads:** one. **Lifetime:** [#close] ends its processes.
interface Store extends AutoCloseable {
    /// Which servers there are.
    enum Kind {
        REDIS,
        POSTGRES;

        /// Starts one.
        ///
        /// @param place for its files
        Store start(Path place) throws IOException {
            return switch (this) {
                case REDIS -> RedisStore.start(place);
                case POSTGRES -> PostgresStore.start(place);
            };
        }
    }

    /// Its port on the loopback interface.
    int port();

    /// Its address by way of a port.
    String url(int port);

    /// The word in `tasks.broker`, which is also that in the key of the address.
    String broker();

    /// Ends the server.
    void stop() throws IOException;

    /// Starts it once more, with all that it had.
    void again() throws IOException;

    /// Ends it, and starts it once more, with nothing.
    void replace() throws IOException;

    @Override
    void close() throws IOException;

    /// Has an application use it by way of a port.
    default RunningApp tell(RunningApp app, int port) {
        return app.set("tasks.broker", broker()).set("tasks." + broker() + ".url", url(port));
    }

    /// The queues in it.
    default TaskQueue queue(Path directory) {
        return TaskQueue.in(
                directory, directory, "tasks.broker=" + broker(), "tasks." + broker() + ".url=" + url(port()));
    }
}
