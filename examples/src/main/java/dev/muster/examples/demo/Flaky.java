package dev.muster.examples.demo;

import dev.muster.task.RetryException;
import dev.muster.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A task whose first attempts fail. It counts them in a file, because each may run in another process.
public class Flaky {
    /// Throws [RetryException] until it has been tried often enough.
    ///
    /// @param id names the file
    /// @param failures how many attempts fail
    @Task
    public void call(int id, int failures) throws IOException {
        Path attempts =
                Files.createDirectories(DemoData.directory().resolve("flaky")).resolve(String.valueOf(id));
        if (Files.exists(attempts) && Files.size(attempts) >= failures) {
            return;
        }
        Files.write(attempts, new byte[1], StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        throw new RetryException("upstream " + id + " is down");
    }
}
