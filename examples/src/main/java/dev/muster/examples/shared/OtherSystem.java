package dev.muster.examples.shared;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Stands for a system outside, which an application brings something to: here a directory, with a file for each thing.
/// Bringing the same thing twice changes nothing. A system that is told twice must allow that, because no application
/// can know whether a call that its death cut short was heard.
///
/// **Threads:** one for each name. **Failure:** a process that dies in a call leaves a file `NAME.new`, which the next
/// call for that name replaces.
public final class OtherSystem {
    private final Path directory;

    private OtherSystem(Path directory) {
        this.directory = directory;
    }

    /// The one whose directory has that name in the data directory.
    public static OtherSystem named(String name) {
        return new OtherSystem(Configuration.ofThisProcess().dataDirectory().resolve(name));
    }

    /// Brings something there. Blocks as long as the system does.
    ///
    /// @param name of the thing: a file name
    /// @throws IOException if the system does not take it
    public void put(String name, String content) throws IOException {
        Path _ = Files.createDirectories(directory);
        Path part = directory.resolve(name + ".new");
        Path _ = Files.writeString(part, content);
        Path _ = Files.move(part, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
