package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.PoolTask;
import dev.muster.config.QueueShares;
import dev.muster.control.Message;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Consumer;
import dev.muster.task.Instances;
import dev.muster.task.OnCrash;
import dev.muster.task.TaskCatalog;
import dev.muster.task.TaskRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the hook of a pool sees while its worker is paused.
@Timeout(60)
class PoolContextTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final List<Message> said = new CopyOnWriteArrayList<>();
    private final MemoryBroker store = new MemoryBroker();
    private final StopRequest stop = new StopRequest();
    private final Duty duty = Duties.waiting(3, "hands#2", said::add);
    private TestSlot place;
    private PoolContext context;

    @BeforeEach
    void open() {
        place = TestSlot.open(directory);
        Silence silence = new Silence(place.slot(), TimeUnit.SECONDS.toNanos(1));
        CurrentTask current = new CurrentTask(place.slot());
        BoardMarks marks = new BoardMarks(place.slot(), silence, current, id -> id, _ -> {});
        TaskCatalog catalog =
                new TaskCatalog(List.of(), OnCrash.RETRY, 1 << 20, PoolContextTest.class.getClassLoader());
        TaskRunner runner = new TaskRunner(catalog, Instances.constructor(), 300_000);
        Consumer consumer = new Consumer(store, QueueShares.only("q"), "me", 1, runner, marks, duty::rests);
        stop.onStop(consumer::stop);
        duty.listen(consumer::pause, consumer::resume);
        context = new PoolContext(duty, new LonelyServer(), stop, silence, current, consumer);
        duty.activate(3, "hands#2");
        silence.begin();
    }

    @AfterEach
    void close() {
        place.close();
    }

    @Test
    void itIsWhoeverItsDutyIs() {
        assertThat(context.id()).isEqualTo(3);
        assertThat(context.name()).isEqualTo("hands#2");
        duty.activate(0, "hands#1");
        assertThat(context.id()).isZero();
        assertThat(context.name()).isEqualTo("hands#1");
    }

    @Test
    void takeFindsNothingWhileItIsPausedAndTheTaskAfterwards() throws Exception {
        List<String> _ = store.enqueue(List.of(NewTask.of("q", "{\"task\":\"x\"}")));
        duty.pause();
        assertThat(context.take(Duration.ofMillis(1))).isEmpty();
        assertThat(context.take(Duration.ofMillis(1))).isEmpty();
        assertThat(said).containsExactly(new Message.TookUp(), new Message.Quieted());

        CompletableFuture<Optional<PoolTask>> waiting = CompletableFuture.supplyAsync(() -> take(LONG));
        duty.activate(3, "hands#2");
        PoolTask task = waiting.get().orElseThrow();
        task.done();
        assertThat(context.take(Duration.ZERO)).isEmpty();
        assertThat(store.settled).hasSize(1);
    }

    @Test
    void aPauseThatComesDuringTakeIsAnsweredByItAndAStopEndsIt() throws Exception {
        CompletableFuture<Optional<PoolTask>> waiting = CompletableFuture.supplyAsync(() -> take(Duration.ofHours(1)));
        duty.pause();
        await().atMost(LONG).until(() -> said.contains(new Message.Quieted()));
        await().atMost(LONG)
                .until(() -> place.seen().earliestDeadline() - System.nanoTime() > TimeUnit.SECONDS.toNanos(20));
        List<String> _ = store.enqueue(List.of(NewTask.of("q", "{\"task\":\"x\"}")));
        assertThat(waiting).isNotDone();
        stop.order();
        assertThat(waiting.get()).isEmpty();
        assertThat(store.claim("q", "other", 1)).as("nobody has taken it").hasSize(1);
    }

    private Optional<PoolTask> take(Duration wait) {
        try {
            return context.take(wait);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
