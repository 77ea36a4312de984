package dev.muster.examples.memory;

import dev.muster.UserProcess;
import java.time.Instant;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads every second what the row holds, and writes something else. What it wrote outlives its process, and is seen by
/// all others.
@UserProcess(every = "1s")
public final class SharedMemoryProcess {
    private static final Logger LOG = LoggerFactory.getLogger(SharedMemoryProcess.class);

    public void run() {
        String before = Shared.TABLE.text("key", "value");
        boolean there = Shared.TABLE.set("key", Map.of("value", "new_value of " + Instant.now()));
        LOG.info("the row {}", there ? "held '" + before + "'" : "is new");
    }
}
