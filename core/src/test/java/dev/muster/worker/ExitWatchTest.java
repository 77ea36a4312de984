package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.ExitReason;
import dev.muster.control.Message;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ExitWatchTest {
    private final List<Object> happened = new CopyOnWriteArrayList<>();
    private final Departure departure = new Departure(happened::add);

    @Test
    void anExitWhoseHooksHangIsCutOff() {
        departure.mouth(happened::add);
        new ExitWatch(departure, 50).ending();
        await().atMost(Duration.ofSeconds(10)).until(() -> happened.size() == 2);
        assertThat(happened)
                .containsExactly(
                        new Message.Bye(
                                ExitReason.ERROR,
                                "user code called System.exit, and the shutdown hooks did not end in 50 ms",
                                false),
                        1);
    }

    @Test
    void ourOwnDepartureIsNotReported() {
        departure.leave(ExitReason.CLEAN, "", false, 0);
        new ExitWatch(departure, 0).ending();
        assertThat(happened).containsExactly(0);
    }

    @Test
    void onlyAStackInsideOfRuntimeExitIsAnExit() {
        StackTraceElement user = new StackTraceElement("com.acme.Sync", "exit", "Sync.java", 12);
        StackTraceElement runtime = new StackTraceElement("java.lang.Runtime", "exit", "Runtime.java", 188);
        assertThat(ExitWatch.exits(new StackTraceElement[] {user})).isFalse();
        assertThat(ExitWatch.exits(new StackTraceElement[] {runtime, user})).isTrue();
    }
}
