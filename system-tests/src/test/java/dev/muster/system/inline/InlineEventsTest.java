package dev.muster.system.inline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Watching;
import dev.muster.testkit.InlineApp;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// What listeners are told where all slots are threads of one JVM.
@Timeout(120)
// An application inline has its JVM to itself, and its threads are counted.
@Isolated
class InlineEventsTest {
    @TempDir
    private Path directory;

    @Test
    void theFirstWorkerIsToldOfTheApplication() throws Exception {
        Watching.EVENTS.clear();
        try (InlineApp _ = InlineApp.of(Watching.class, directory)
                .only()
                .set("tasks.workers", "1")
                .start()) {
            Patience.await("the end of the victim")
                    .until(() -> Watching.EVENTS.contains("error of Victim USER ERROR 3 0 in 0"));
        }
        List<String> events = List.copyOf(Watching.EVENTS);
        assertThat(events).startsWith("worker start in 0", "start in 0").endsWith("shutdown in 0", "worker stop in 0");
    }
}
