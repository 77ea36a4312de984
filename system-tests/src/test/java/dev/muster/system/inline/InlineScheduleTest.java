package dev.muster.system.inline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.task.Schedule;
import dev.muster.task.Task;
import dev.muster.testkit.InlineApp;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/// Schedules of an application that is one JVM.
@Timeout(120)
// An application inline has its JVM to itself, and its threads are counted.
@Isolated
class InlineScheduleTest {
    @TempDir
    Path directory;

    /// The application.
    public static final class Jobs {
        static final AtomicInteger RUNS = new AtomicInteger();

        private Jobs() {}

        @Task(name = "tick")
        @Schedule(every = "1s")
        static void tick() {
            RUNS.incrementAndGet();
        }
    }

    private static void awaitRuns(int more) {
        int before = Jobs.RUNS.get();
        Patience.await(more + " more runs").until(() -> Jobs.RUNS.get() >= before + more);
    }

    @Test
    void oneOfItsWorkersServesThemAndAnotherOneFollows() throws InterruptedException {
        try (InlineApp app = InlineApp.of(Jobs.class, directory)
                .only()
                .set("tasks.workers", "2")
                .start()) {
            awaitRuns(2);
            app.stop("task#1");
            Patience.await("its end").until(() -> app.slot("task#1").state().equals("STOPPED"));
            awaitRuns(2);
        }
        int end = Jobs.RUNS.get();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("muster-schedules"));
        assertThat(Jobs.RUNS).hasValue(end);
    }
}
