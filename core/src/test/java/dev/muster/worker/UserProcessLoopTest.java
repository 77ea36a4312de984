package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.ExitReason;
import dev.muster.OnError;
import dev.muster.PipeType;
import dev.muster.RestartPolicy;
import dev.muster.Scope;
import dev.muster.board.BoardSlot.Mark;
import dev.muster.control.Message;
import dev.muster.scan.Declaration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class UserProcessLoopTest {
    @TempDir
    Path directory;

    private final StopRequest stop = new StopRequest();
    private final List<Message> said = new CopyOnWriteArrayList<>();
    private TestSlot place;
    private Duty duty;
    private UserProcessContext context;

    @BeforeEach
    void open() {
        place = TestSlot.open(directory);
    }

    @AfterEach
    void close() {
        place.close();
    }

    @Test
    void theFirstRunIsAtOnceAndAStopEndsThePauseEarly() throws Exception {
        CountDownLatch ran = new CountDownLatch(1);
        CompletableFuture<UserProcessLoop.End> end =
                start(loop(3_600_000, OnError.CONTINUE, 0, (_, _) -> ran.countDown()));
        assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
        stop.order();
        assertThat(end.get(5, TimeUnit.SECONDS)).isEqualTo(new UserProcessLoop.End(ExitReason.REQUESTED, "", false, 0));
        assertThat(place.seen().unitsDone()).isEqualTo(1);
    }

    @Test
    void theIntervalCountsFromTheEndOfARun() throws Exception {
        List<Long> starts = new CopyOnWriteArrayList<>();
        List<Long> ends = new CopyOnWriteArrayList<>();
        CompletableFuture<UserProcessLoop.End> end = start(loop(100, OnError.CONTINUE, 0, (_, c) -> {
            starts.add(System.nanoTime());
            // A run that takes its time; returns early only because of the stop at the end of the test.
            boolean _ = c.sleep(Duration.ofMillis(60));
            ends.add(System.nanoTime());
        }));
        await().atMost(Duration.ofSeconds(10)).until(() -> starts.size() >= 4);
        stop.signal();
        assertThat(end.get(5, TimeUnit.SECONDS).reason()).isEqualTo(ExitReason.SIGNAL);
        for (int i = 1; i < 4; i++) {
            assertThat(starts.get(i) - ends.get(i - 1)).isGreaterThanOrEqualTo(100_000_000L);
        }
    }

    @Test
    void withoutAnIntervalAStopIsStillSeen() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CompletableFuture<UserProcessLoop.End> end =
                start(loop(0, OnError.CONTINUE, 0, (_, _) -> runs.incrementAndGet()));
        await().atMost(Duration.ofSeconds(5)).until(() -> runs.get() > 100);
        stop.order();
        assertThat(end.get(5, TimeUnit.SECONDS).code()).isZero();
    }

    @Test
    void aFailingRunIsCountedAndTheNextOneComes() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CompletableFuture<UserProcessLoop.End> end = start(loop(1, OnError.CONTINUE, 0, (_, _) -> {
            if (runs.incrementAndGet() <= 2) {
                throw new IllegalStateException("run " + runs.get());
            }
            stop.order();
        }));
        assertThat(end.get(10, TimeUnit.SECONDS).code()).isZero();
        assertThat(place.seen().unitsFailed()).isEqualTo(2);
        assertThat(place.seen().unitsDone()).isEqualTo(1);
    }

    @Test
    void failuresInARowAreFollowedByALongerPause() throws Exception {
        List<Long> starts = new CopyOnWriteArrayList<>();
        CompletableFuture<UserProcessLoop.End> end = start(loop(0, OnError.CONTINUE, 0, (_, _) -> {
            starts.add(System.nanoTime());
            if (starts.size() == 3) {
                stop.order();
            }
            throw new StackOverflowError();
        }));
        assertThat(end.get(10, TimeUnit.SECONDS).code()).isZero();
        assertThat(starts.get(1) - starts.get(0)).isGreaterThanOrEqualTo(100_000_000L);
        assertThat(starts.get(2) - starts.get(1)).isGreaterThanOrEqualTo(200_000_000L);
    }

    @Test
    void onErrorRestartAndStopEndTheProcess() {
        UserMethod failing = (_, _) -> {
            throw new IllegalStateException("no table");
        };
        assertThat(loop(1, OnError.RESTART, 0, failing).run())
                .isEqualTo(new UserProcessLoop.End(
                        ExitReason.ERROR, "java.lang.IllegalStateException: no table", false, 1));
        assertThat(loop(1, OnError.STOP, 0, failing).run())
                .isEqualTo(new UserProcessLoop.End(
                        ExitReason.ERROR, "java.lang.IllegalStateException: no table", true, 1));
    }

    @Test
    void anInterruptAfterAStopIsANormalEndAndBeforeItAFailure() {
        assertThat(loop(1, OnError.RESTART, 0, (_, _) -> {
                            stop.order();
                            throw new InterruptedException();
                        })
                        .run()
                        .reason())
                .isEqualTo(ExitReason.REQUESTED);
        assertThat(place.seen().unitsFailed()).isZero();
    }

    @Test
    void anInterruptWithoutAStopIsAFailure() {
        assertThat(loop(1, OnError.RESTART, 0, (_, _) -> {
                            throw new InterruptedException();
                        })
                        .run()
                        .reason())
                .isEqualTo(ExitReason.ERROR);
    }

    @Test
    void anExhaustedMemoryIsNotAFailedRun() {
        assertThatThrownBy(() -> loop(1, OnError.CONTINUE, 0, (_, _) -> {
                            throw new OutOfMemoryError("Direct buffer memory");
                        })
                        .run())
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void aRunStandsOnTheBoardWithItsDeadlineAndAHeartbeatMovesIt() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch beat = new CountDownLatch(1);
        CountDownLatch beaten = new CountDownLatch(1);
        CompletableFuture<UserProcessLoop.End> end = start(loop(1, OnError.CONTINUE, 60_000, (_, c) -> {
            entered.countDown();
            beat.await();
            c.heartbeat();
            beaten.countDown();
            while (!c.sleep(Duration.ofHours(1)) && !c.stopping()) {
                throw new AssertionError("neither slept nor stopped");
            }
        }));
        assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
        Mark mark = place.seen().marks().getFirst();
        assertThat(mark.label()).isEqualTo("Ticker#1");
        assertThat(mark.deadlineNanos() - mark.startNanos()).isEqualTo(60_000_000_000L);
        beat.countDown();
        assertThat(beaten.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(place.seen().earliestDeadline()).isGreaterThan(mark.deadlineNanos());
        stop.order();
        assertThat(end.get(5, TimeUnit.SECONDS).code()).isZero();
        assertThat(place.seen().marks()).isEmpty();
    }

    @Test
    void aCondemnedProcessStartsNoRun() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        place.seen().condemn();
        UserProcessLoop loop = loop(0, OnError.CONTINUE, 0, (_, _) -> runs.incrementAndGet());
        Thread parked = new Thread(loop::run);
        parked.setDaemon(true);
        parked.start();
        await().atMost(Duration.ofSeconds(5)).until(() -> parked.getState() == Thread.State.TIMED_WAITING);
        assertThat(runs).hasValue(0);
        // Only a kill ends it; the test lifts the condemnation instead.
        place.seen().reset(1);
        await().atMost(Duration.ofSeconds(5)).until(() -> runs.get() > 0);
        stop.order();
        parked.join(5_000);
        assertThat(parked.isAlive()).isFalse();
    }

    @Test
    void aPauseWithinALongIntervalIsAnsweredAtOnceAndTheIntervalIsKept() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CompletableFuture<UserProcessLoop.End> end =
                start(loop(3_600_000, OnError.CONTINUE, 0, (_, _) -> runs.incrementAndGet()));
        await().atMost(Duration.ofSeconds(10)).until(() -> place.seen().unitsDone() == 1);
        duty.pause();
        await().atMost(Duration.ofSeconds(10)).until(() -> said.contains(new Message.Quieted()));
        duty.activate(0, "Ticker#1");
        duty.pause();
        await().atMost(Duration.ofSeconds(10)).until(() -> Collections.frequency(said, new Message.Quieted()) == 2);
        stop.order();
        assertThat(end.get(10, TimeUnit.SECONDS).reason()).isEqualTo(ExitReason.REQUESTED);
        assertThat(runs).as("the interval is not over").hasValue(1);
    }

    @Test
    void aPauseDuringARunIsAnsweredAfterItAndNoRunFollowsUntilItWorksAgain() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        CompletableFuture<UserProcessLoop.End> end = start(loop(0, OnError.CONTINUE, 0, (_, _) -> {
            begun.countDown();
            finish.await();
            runs.incrementAndGet();
        }));
        begun.await();
        duty.pause();
        assertThat(said).doesNotContain(new Message.Quieted());
        finish.countDown();
        await().atMost(Duration.ofSeconds(10)).until(() -> said.contains(new Message.Quieted()));
        assertThat(runs).hasValue(1);
        duty.activate(0, "Ticker#1");
        await().atMost(Duration.ofSeconds(10)).until(() -> runs.get() > 1);
        stop.order();
        assertThat(end.get(10, TimeUnit.SECONDS).code()).isZero();
    }

    private UserProcessLoop loop(long interval, OnError onError, long runTimeout, UserMethod method) {
        Declaration.User declaration = new Declaration.User(
                "Ticker",
                "com.acme.Ticker",
                "run",
                interval,
                true,
                2,
                onError,
                RestartPolicy.ALWAYS,
                runTimeout,
                true,
                Scope.NODE,
                PipeType.NONE,
                false);
        duty = Duties.waiting(0, "Ticker#1", said::add);
        duty.activate(0, "Ticker#1");
        stop.onStop(duty::cancel);
        context = new UserProcessContext(
                duty,
                runTimeout * 1_000_000,
                place.slot(),
                stop,
                new Departure(_ -> {}),
                RunPermit.ALWAYS,
                Duties.post());
        return new UserProcessLoop(
                declaration, method, new LonelyServer(), context, place.slot(), stop, duty, RunPermit.ALWAYS);
    }

    private static CompletableFuture<UserProcessLoop.End> start(UserProcessLoop loop) {
        CompletableFuture<UserProcessLoop.End> end = new CompletableFuture<>();
        Thread _ = Thread.ofVirtual().start(() -> {
            try {
                end.complete(loop.run());
            } catch (Throwable e) {
                end.completeExceptionally(e);
            }
        });
        return end;
    }
}
