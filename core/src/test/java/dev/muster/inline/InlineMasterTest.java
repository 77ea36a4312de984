package dev.muster.inline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.muster.OnError;
import dev.muster.PipeType;
import dev.muster.RestartPolicy;
import dev.muster.Scope;
import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import dev.muster.scan.Declaration;
import dev.muster.scan.ProcessMap;
import dev.muster.task.Instances;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/// Errors in the middle of Muster, as a JVM throws them that can make no more threads. Here the log throws them.
@Timeout(120)
// An application inline has its JVM to itself.
@Isolated
class InlineMasterTest {
    private static volatile CountDownLatch released = new CountDownLatch(1);

    @TempDir
    Path directory;

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.muster.inline");
    private final Throwing thrower = new Throwing();

    @BeforeEach
    void hold() {
        released = new CountDownLatch(1);
    }

    @AfterEach
    void quiet() {
        logger.detachAppender(thrower);
        released.countDown();
    }

    @Test
    void aStartThatFailsLeavesNothingBehind() throws Exception {
        throwsAt("inline: the whole application");
        assertThatThrownBy(this::start).isInstanceOf(NoThreads.class);
        assertThat(thrower.thrown.getCount()).isZero();

        InlineMaster master = start();

        assertThat(master.awaitReady(Duration.ofSeconds(60))).isTrue();
        master.close();
    }

    @Test
    void supervisionGoesOnAfterAnError() throws Exception {
        throwsAt("is over its limit (deadline)");
        InlineMaster master = start();
        assertThat(thrower.thrown.await(60, TimeUnit.SECONDS)).isTrue();
        released.countDown();

        assertThat(master.running()).isTrue();
        master.stop(false);

        assertThat(master.awaitEnd(Duration.ofSeconds(30))).isTrue();
        master.close();
    }

    private void throwsAt(String text) {
        thrower.at = text;
        thrower.start();
        logger.addAppender(thrower);
    }

    private InlineMaster start() {
        Settings settings = SettingsLoader.load(
                "Shop",
                null,
                Map.of(),
                List.of("run.dir=" + directory.resolve("run"), "data.dir=" + directory.resolve("data")));
        Declaration waiter = new Declaration.User(
                "Waiter",
                Waiter.class.getName(),
                "run",
                20,
                true,
                1,
                OnError.CONTINUE,
                RestartPolicy.ALWAYS,
                200,
                true,
                Scope.NODE,
                PipeType.NONE,
                false);
        ProcessMap map =
                new ProcessMap(Waiter.class.getName(), List.of(waiter), List.of(), List.of(), List.of(), List.of());
        return InlineMaster.start(settings, map, Waiter.class.getClassLoader(), Instances.constructor());
    }

    /// Code that runs for longer than it may.
    public static final class Waiter {
        public Waiter() {}

        public void run() throws InterruptedException {
            released.await();
        }
    }

    private static final class NoThreads extends Error {
        private static final long serialVersionUID = 1;

        NoThreads() {
            super("unable to create native thread, for a test");
        }
    }

    private static final class Throwing extends AppenderBase<ILoggingEvent> {
        final CountDownLatch thrown = new CountDownLatch(1);
        volatile String at = "";

        @Override
        protected void append(ILoggingEvent event) {
            if (thrown.getCount() > 0 && event.getFormattedMessage().contains(at)) {
                thrown.countDown();
                throw new NoThreads();
            }
        }
    }
}
