package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.BrokerException;
import dev.muster.task.OnCrash;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

@Timeout(30)
class WorkerBrokerTest {
    private static final CrashPolicy POLICY = _ -> new CrashPolicy.Terms(OnCrash.RETRY, null, Duration.ZERO);

    @TempDir
    Path directory;

    private volatile Runnable afterCommit = () -> {};
    private final MemoryBroker store = new MemoryBroker(_ -> afterCommit.run());
    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final List<String> outages = new CopyOnWriteArrayList<>();
    private volatile Broker next = store;
    private final AtomicInteger refusals = new AtomicInteger();
    private TestSlot place;
    private final AtomicLong clock = new AtomicLong();
    private final AtomicLong wall = new AtomicLong(System.currentTimeMillis());
    private BrokerKeeper keeper;
    private WorkerBroker broker;

    @BeforeEach
    void open() {
        place = TestSlot.open(directory);
        Silence silence = new Silence(place.slot(), 1_000_000_000L);
        silence.begin();
        keeper = new BrokerKeeper(
                this::openStore,
                "me",
                null,
                POLICY,
                (incarnation, report) -> reports.add(incarnation + " " + report.requeued()),
                () -> Instant.ofEpochMilli(wall.get()));
        broker = new WorkerBroker(keeper, silence, new Outage(outages::add), new Doubt(clock::get));
    }

    @AfterEach
    void close() {
        broker.close();
        place.close();
    }

    @Test
    void theFirstDeadAreReclaimedBeforeTheFirstPassIsOver() throws Exception {
        keeper.start(List.of(dead("a"), dead("b")));
        keeper.awaitFirstPass();
        assertThat(reports).containsExactly("a 2", "b 2");
    }

    @Test
    void aStoreThatDoesNotOpenHoldsNobodyUpAndIsTriedAgain() throws Exception {
        refusals.set(2);
        keeper.start(List.of(dead("a")));
        keeper.awaitFirstPass();
        assertThatThrownBy(() -> broker.claim("q", "me", 1))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("not open yet");
        await().atMost(Duration.ofSeconds(10)).until(() -> reports.equals(List.of("a 2")));
        assertThat(refusals).hasValue(0);
        assertThat(broker.claim("q", "me", 1)).isEmpty();
    }

    /// To count all that the store keeps would cost too much to be done by each worker every few seconds.
    @Test
    void theIdleAlarmAsksOnlyHowManyTasksAreReadyInItsQueues() throws Exception {
        keeper.start(List.of());
        keeper.awaitFirstPass();
        List<String> _ = store.enqueue(List.of(NewTask.of("q", "{}"), NewTask.of("other", "{}")));
        assertThat(new PoolWorkerLoop.Queues(keeper, List.of("q")).ready()).isOne();
    }

    @Test
    void aReclaimThatFailsIsTriedAgainUntilItSucceeds() throws Exception {
        store.down = true;
        keeper.start(List.of(dead("a")));
        keeper.awaitFirstPass();
        keeper.reclaim(dead("b"));
        assertThat(reports).isEmpty();
        store.down = false;
        await().atMost(Duration.ofSeconds(10)).until(() -> reports.size() == 2);
        assertThat(reports).containsExactlyInAnyOrder("a 2", "b 2");
    }

    @Test
    void itKnowsTheMessagesOfWhatIsClaimed() throws Exception {
        keeper.start(List.of());
        keeper.awaitFirstPass();
        broker.enqueue(List.of(new NewTask("t-1", "q", "message 1", Duration.ZERO, "")));
        broker.enqueue(List.of(new NewTask("t-2", "q", "message 2", Duration.ZERO, "")));
        List<Claim> claims = broker.claim("q", "me", 2);
        assertThat(broker.message("t-1")).isEqualTo("message 1");
        assertThat(broker.settle(List.of(new Outcome.Done(claims.get(0))))).isEmpty();
        broker.giveBack(List.of(claims.get(1)));
        assertThat(broker.message("t-1")).isEqualTo("t-1");
        assertThat(broker.message("t-2")).isEqualTo("t-2");
    }

    @Test
    void aClaimWhoseAnswerWasLostIsGivenBackBeforeTheNext() throws Exception {
        keeper.start(List.of());
        keeper.awaitFirstPass();
        broker.enqueue(List.of(NewTask.of("q", "known"), NewTask.of("q", "lost")));
        Claim known = broker.claim("q", "me", 1).getFirst();
        store.losesClaims = true;
        assertThatThrownBy(() -> broker.claim("q", "me", 1)).isInstanceOf(BrokerException.class);
        assertThat(store.held("me")).hasSize(2);

        store.losesClaims = false;

        assertThat(broker.claim("q", "me", 2)).extracting(Claim::payload).containsExactly("lost");
        assertThat(store.held("me")).hasSize(2);
        assertThat(broker.settle(List.of(new Outcome.Done(known)))).isEmpty();
    }

    /// The call itself was held up by the network, and is done long after others have been answered.
    @Test
    void aClaimThatIsMadeLaterIsGivenBackToo() throws Exception {
        keeper.start(List.of());
        keeper.awaitFirstPass();
        store.down = true;
        assertThatThrownBy(() -> broker.claim("q", "me", 1)).isInstanceOf(BrokerException.class);
        store.down = false;
        assertThat(broker.claim("q", "me", 1)).isEmpty();
        for (int seconds : List.of(10, 60, 119, 130)) {
            broker.enqueue(List.of(NewTask.of("q", "late")));
            assertThat(store.claim("q", "me", 1)).hasSize(1);
            assertThat(broker.claim("q", "me", 1)).isEmpty();

            clock.set(TimeUnit.SECONDS.toNanos(seconds));

            Claim claim = broker.claim("q", "me", 1).getFirst();
            assertThat(claim.payload()).isEqualTo("late");
            assertThat(broker.settle(List.of(new Outcome.Done(claim)))).isEmpty();
        }
    }

    @Test
    void whatCouldNotBeGivenBackIsGivenBackBeforeTheNextClaim() throws Exception {
        keeper.start(List.of());
        keeper.awaitFirstPass();
        broker.enqueue(List.of(NewTask.of("q", "one"), NewTask.of("q", "two")));
        List<Claim> claims = broker.claim("q", "me", 2);
        store.down = true;
        assertThatThrownBy(() -> broker.giveBack(List.of(claims.getFirst()))).isInstanceOf(BrokerException.class);
        assertThatThrownBy(() -> broker.claim("q", "me", 1)).isInstanceOf(BrokerException.class);

        store.down = false;

        assertThat(broker.claim("q", "me", 2)).extracting(Claim::payload).containsExactly("one");
        assertThat(store.held("me")).hasSize(2);
    }

    @Test
    void whoEndsGivesBackWhatTheStoreMayHoldOrSaysThatOthersMust() throws Exception {
        keeper.start(List.of());
        keeper.awaitFirstPass();
        assertThat(broker.release("me")).isTrue();
        broker.enqueue(List.of(NewTask.of("q", "known"), NewTask.of("q", "lost")));
        Claim known = broker.claim("q", "me", 1).getFirst();
        assertThat(broker.release("me")).as("with a task in its hands").isFalse();
        store.losesClaims = true;
        assertThatThrownBy(() -> broker.claim("q", "me", 1)).isInstanceOf(BrokerException.class);
        assertThat(broker.settle(List.of(new Outcome.Done(known)))).isEmpty();
        store.down = true;
        assertThat(broker.release("me")).as("while nobody knows").isFalse();
        store.down = false;

        assertThat(broker.release("me")).isTrue();

        assertThat(store.held("me")).isEmpty();
    }

    @Test
    void anOutageIsToldWhenItBeginsAndWhenItIsOver() throws Exception {
        keeper.start(List.of());
        keeper.awaitFirstPass();
        store.down = true;
        assertThatThrownBy(() -> broker.claim("q", "me", 1)).isInstanceOf(BrokerException.class);
        assertThatThrownBy(() -> broker.claim("q", "me", 1)).isInstanceOf(BrokerException.class);
        assertThat(outages).hasSize(1).first().asString().isNotEmpty();
        store.down = false;
        assertThat(broker.claim("q", "me", 1)).isEmpty();
        assertThat(outages).hasSize(2).last().isEqualTo("");
    }

    @Test
    void aStoreThatIsOpenedAnewTakesThePlaceOfTheOther() throws Exception {
        keeper.start(List.of());
        keeper.awaitFirstPass();
        MemoryBroker fresh = new MemoryBroker();
        fresh.enqueue(List.of(NewTask.of("q", "fresh")));
        next = fresh;

        keeper.reopen();

        assertThat(broker.claim("q", "me", 1)).extracting(Claim::payload).containsExactly("fresh");
        await().atMost(Duration.ofSeconds(10)).until(() -> store.closed);
        assertThat(fresh.closed).isFalse();
        refusals.set(1);
        assertThatThrownBy(keeper::reopen).isInstanceOf(BrokerException.class);
        assertThat(fresh.closed).isFalse();
        assertThat(broker.claim("q", "me", 1)).isEmpty();
    }

    @Test
    void whileTheWorkerWaitsForItThePatienceGoverns() throws Exception {
        keeper.start(List.of());
        keeper.awaitFirstPass();
        assertThat(broker.claim("q", "me", 1)).isEmpty();
        assertThat(place.seen().earliestDeadline() - System.nanoTime()).isGreaterThan(20_000_000_000L);
    }

    @Test
    void aWaitForAStoreThatIsNotOpenEndsByAWake() throws Exception {
        refusals.set(Integer.MAX_VALUE);
        keeper.start(List.of());
        keeper.awaitFirstPass();
        Thread waiting = new Thread(() -> {
            try {
                broker.await("q", Duration.ofHours(1));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        waiting.start();
        await().atMost(Duration.ofSeconds(5)).until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
        broker.wake();
        waiting.join(5_000);
        assertThat(waiting.isAlive()).isFalse();
    }

    @Test
    void closingClosesTheStore() throws Exception {
        keeper.start(List.of());
        keeper.awaitFirstPass();
        broker.close();
        assertThat(store.closed).isTrue();
    }

    @Test
    void whatWasClaimedBeforeTheLeaseRanOutStaysLostWhenItIsRenewed() throws Exception {
        store.shared = true;
        keeper.start(List.of());
        keeper.awaitFirstPass();
        broker.enqueue(List.of(NewTask.of("q", "before"), NewTask.of("q", "after")));
        Claim before = broker.claim("q", "me", 1).getFirst();
        assertThat(broker.holds(before)).isTrue();

        wall.addAndGet(61_000);

        assertThat(broker.holds(before)).as("before it is renewed").isFalse();
        List<Claim> claims = new ArrayList<>();
        await().atMost(Duration.ofSeconds(10))
                .ignoreExceptionsInstanceOf(BrokerException.class)
                .until(() -> claims.addAll(broker.claim("q", "me", 1)));
        assertThat(broker.holds(before)).as("after").isFalse();
        assertThat(broker.holds(claims.getFirst())).isTrue();
    }

    @Test
    void aClaimThatAnotherThreadHasMadeMeanwhileIsNotForgotten() throws Exception {
        keeper.start(List.of());
        keeper.awaitFirstPass();
        broker.enqueue(List.of(new NewTask("t-1", "q", "first", Duration.ZERO, "")));
        Claim first = broker.claim("q", "me", 1).getFirst();
        afterCommit = () -> {
            broker.enqueue(List.of(new NewTask("t-1", "q", "second", Duration.ZERO, "")));
            assertThat(broker.claim("q", "me", 1)).hasSize(1);
        };

        assertThat(broker.settle(List.of(new Outcome.Done(first)))).isEmpty();

        assertThat(broker.message("t-1")).isEqualTo("second");
        assertThat(broker.release("me")).as("with nothing in its hands").isFalse();
    }

    @Test
    void theLogSaysWhatTheStoreRefuses() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger("dev.muster.worker");
        logger.addAppender(log);
        try {
            store.shared = true;
            store.renewsNothing = true;
            keeper.start(List.of());
            keeper.awaitFirstPass();
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .anyMatch(line -> line.startsWith("cannot renew the lease of this worker"))
                .noneMatch(line -> line.startsWith("cannot open the task broker"));
    }

    private Broker openStore() {
        if (refusals.get() > 0) {
            refusals.decrementAndGet();
            throw new BrokerException("the store of the test does not open");
        }
        return next;
    }

    private static DeadWorker dead(String incarnation) {
        return new DeadWorker(incarnation, "q", Verdict.CRASH, "", List.of("t-1", "t-2"), true, "SIGNAL 9", "");
    }
}
