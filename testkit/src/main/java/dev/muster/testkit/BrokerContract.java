package dev.muster.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy.Terms;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Broker.ReclaimReport;
import dev.muster.task.DeadReason;
import dev.muster.task.OnCrash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The behaviour that every broker shows, tried against its real store. A broker's own test extends this class.
///
/// Two broker objects are open over one store in each test, as two processes have them.
@Timeout(60)
public abstract class BrokerContract extends BrokerCoordination {
    /// For the broker's own test.
    protected BrokerContract() {}

    @Override
    protected abstract Broker open() throws Exception;

    /// Accepting.
    @Nested
    class Enqueueing {
        @Test
        void keepsEachTaskOnceItsIdIsReturned() {
            List<String> ids = enqueue(3);

            assertThat(ids).hasSize(3).doesNotHaveDuplicates().allMatch(id -> id.length() <= 32);
            assertThat(ids).isSorted();
            assertThat(counts().accepted()).isEqualTo(3);
            assertThat(view(ids.get(1)).payload()).isEqualTo("{\"task\":\"t\",\"param\":[1]}");
            assertThat(view(ids.get(1)).state()).isEqualTo("READY");
        }

        @Test
        void takesTheIdOfTheMessage() {
            List<String> ids = broker.enqueue(List.of(
                    NewTask.of(QUEUE, "{\"id\":\"order-7\",\"task\":\"t\"}"),
                    NewTask.of(QUEUE, "{\"id\":\"not legal\",\"task\":\"t\"}")));

            assertThat(ids.getFirst()).isEqualTo("order-7");
            assertThat(ids.getLast()).isNotEqualTo("not legal").isNotEmpty();
        }

        @Test
        void doesNotKeepAnIdTwice() {
            NewTask task = NewTask.of(QUEUE, "{\"id\":\"order-7\",\"task\":\"t\"}");
            List<String> first = broker.enqueue(List.of(task, task));
            List<String> second = other.enqueue(List.of(task));

            assertThat(first).containsExactly("order-7", "order-7");
            assertThat(second).containsExactly("order-7");
            assertThat(counts().accepted()).isEqualTo(1);
            assertThat(broker.claim(QUEUE, "w", 10)).hasSize(1);
        }

        @Test
        void takesAnIdAgainWhenItsTaskIsDone() {
            NewTask task = NewTask.of(QUEUE, "{\"id\":\"order-7\",\"task\":\"t\"}");
            broker.enqueue(List.of(task));
            broker.settle(List.of(new Outcome.Done(claimOne("w"))));

            broker.enqueue(List.of(task));

            assertThat(counts().accepted()).isEqualTo(2);
            assertThat(counts().ready()).isEqualTo(1);
        }

        @Test
        void keepsABornDeadTaskWithItsText() {
            String id =
                    broker.enqueue(List.of(NewTask.ofLine("{\"task\":", QUEUE))).getFirst();

            assertThat(broker.claim(QUEUE, "w", 10)).isEmpty();
            assertThat(view(id).state()).isEqualTo("DEAD");
            assertThat(view(id).reason()).isEqualTo("MALFORMED");
            assertThat(view(id).payload()).isEqualTo("{\"task\":");
            assertThat(view(id).detail()).isNotBlank();
        }

        @Test
        void keepsTextAsItIs() {
            String payload = "{\"task\":\"t\",\"param\":[\"\u00e4\u20ac\ud83d\ude00 \\u0000 \\/ '\"]}";
            broker.enqueue(List.of(NewTask.of(QUEUE, payload)));

            assertThat(claimOne("w").payload()).isEqualTo(payload);
        }

        @Test
        void keepsADelayedTaskBackUntilItsTime() throws Exception {
            long start = System.nanoTime();
            String later = broker.enqueue(List.of(new NewTask(QUEUE, "{}", Duration.ofMillis(300), "")))
                    .getFirst();

            assertThat(broker.claim(QUEUE, "w", 10)).isEmpty();
            assertThat(view(later).state()).isEqualTo("SCHEDULED");
            assertThat(counts().scheduled()).isEqualTo(1);
            List<Claim> claims = List.of();
            while (claims.isEmpty()) {
                broker.await(QUEUE, Duration.ofSeconds(5));
                claims = broker.claim(QUEUE, "w", 10);
            }
            assertThat(ids(claims)).containsExactly(later);
            assertThat(System.nanoTime() - start)
                    .isBetween(TimeUnit.MILLISECONDS.toNanos(290), TimeUnit.MILLISECONDS.toNanos(3000));
        }

        @Test
        void acceptsALargeMessageAndHandsOutSoMuchThatItCanBeSeen() {
            String large = "{\"task\":\"t\",\"param\":[\"" + "x".repeat(2 << 20) + "\"]}";
            String id = broker.enqueue(List.of(NewTask.of(QUEUE, large))).getFirst();
            enqueue(3);

            List<Claim> first = broker.claim(QUEUE, "w", 10);
            assertThat(ids(first)).containsExactly(id);
            assertThat(first.getFirst().payload())
                    .hasSizeBetween((1 << 20) + 1, large.length() - 1)
                    .startsWith("{\"task\":\"t\"");
            broker.settle(List.of(new Outcome.Dead(first.getFirst(), DeadReason.TOO_LARGE, "2 MB")));
            assertThat(view(id).payload()).isEqualTo(large);
            assertThat(broker.claim(QUEUE, "w", 10)).hasSize(3);
        }

        @Test
        void refusesWhatIsNotLegal() {
            assertThatThrownBy(() -> broker.enqueue(List.of())).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> NewTask.of("", "{}")).hasMessageContaining("queue");
            assertThatThrownBy(() -> NewTask.of("q".repeat(129), "{}")).hasMessageContaining("128");
            assertThatThrownBy(() -> NewTask.of(QUEUE, "x".repeat(NewTask.MAX_PAYLOAD + 1)))
                    .hasMessageContaining(Integer.toString(NewTask.MAX_PAYLOAD));
        }

        @Test
        void servesManyThreadsAtOnce() throws Exception {
            Set<String> ids = Collections.synchronizedSet(new HashSet<>());
            inParallel(8, n -> {
                for (int i = 0; i < 20; i++) {
                    ids.addAll((n % 2 == 0 ? broker : other)
                            .enqueue(List.of(NewTask.of(QUEUE, "{}"), NewTask.of(QUEUE, "{}"))));
                }
                return n;
            });

            assertThat(ids).hasSize(320);
            assertThat(counts().accepted()).isEqualTo(320);
        }
    }

    /// Claiming and giving back.
    @Nested
    class Claiming {
        @Test
        void takesTheOldestFirst() {
            List<String> ids = enqueue(5);

            assertThat(ids(broker.claim(QUEUE, "a", 2))).containsExactlyElementsOf(ids.subList(0, 2));
            assertThat(ids(other.claim(QUEUE, "b", 10))).containsExactlyElementsOf(ids.subList(2, 5));
            assertThat(broker.claim(QUEUE, "a", 10)).isEmpty();
            assertThat(counts().running()).isEqualTo(5);
        }

        @Test
        void looksIntoItsOwnQueueOnly() {
            enqueue(1);
            broker.enqueue(List.of(NewTask.of("elsewhere", "{}")));

            assertThat(broker.claim("elsewhere", "w", 10)).hasSize(1);
            assertThat(broker.claim("never used", "w", 10)).isEmpty();
            assertThat(counts().ready()).isEqualTo(1);
        }

        @Test
        void givesEachTaskToOneOfManyClaimers() throws Exception {
            List<String> ids = enqueue(500);
            List<String> claimed = Collections.synchronizedList(new ArrayList<>());
            inParallel(4, n -> {
                Broker mine = n % 2 == 0 ? broker : other;
                for (List<Claim> claims = mine.claim(QUEUE, "w" + n, 7);
                        !claims.isEmpty();
                        claims = mine.claim(QUEUE, "w" + n, 7)) {
                    claimed.addAll(ids(claims));
                    mine.settle(claims.stream().<Outcome>map(Outcome.Done::new).toList());
                }
                return n;
            });

            assertThat(claimed).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(counts().done()).isEqualTo(500);
        }

        @Test
        void countsNothing() {
            enqueue(1);
            broker.giveBack(List.of(claimOne("a")));
            Claim again = claimOne("b");

            assertThat(again.attempts()).isZero();
            assertThat(again.crashes()).isZero();
            assertThat(again.alone()).isFalse();
        }

        @Test
        void whatIsGivenBackIsTheNextToBeClaimed() {
            List<String> ids = enqueue(4);
            List<Claim> claims = broker.claim(QUEUE, "a", 2);

            other.giveBack(claims);

            assertThat(ids(other.claim(QUEUE, "b", 10))).containsExactlyElementsOf(ids);
        }

        @Test
        void ignoresStaleClaimsThatAreGivenBack() {
            enqueue(1);
            Claim stale = claimOne("a");
            broker.giveBack(List.of(stale));
            Claim current = claimOne("b");

            other.giveBack(List.of(stale));

            assertThat(counts().running()).isEqualTo(1);
            assertThat(broker.settle(List.of(new Outcome.Done(current)))).isEmpty();
        }

        @Test
        void knowsTheOwners() {
            enqueue(3);
            Claim first = claimOne("a");
            claimOne("b");
            broker.settle(List.of(new Outcome.Done(first)));

            assertThat(other.owners()).containsExactly("b");
        }
    }

    /// Claims of those that nobody here sees end.
    @Nested
    class Leases {
        @Test
        void aSharedStoreNamesOnlyOwnersWhoseLeaseHasRunOut() {
            enqueue(2);
            claimOne("a");
            claimOne("b");
            broker.renew("a", Duration.ofSeconds(60));
            broker.renew("b", Duration.ofMillis(1));

            if (broker.shared()) {
                await().atMost(Duration.ofSeconds(10))
                        .untilAsserted(() -> assertThat(other.owners()).containsExactly("b"));
            } else {
                assertThat(other.owners()).containsExactlyInAnyOrder("a", "b");
            }
        }

        @Test
        void whoHasRenewedMeanwhileKeepsItsClaims() {
            enqueue(1);
            Claim claim = claimOne("a");
            broker.renew("a", Duration.ofSeconds(60));
            DeadWorker lapsed = new DeadWorker("a", "", Verdict.CRASH, "", List.of(), false, "LEASE", "");

            ReclaimReport report = other.reclaimLapsed(lapsed, _ -> new Terms(OnCrash.RETRY, null, Duration.ZERO));

            if (broker.shared()) {
                assertThat(report).isEqualTo(new ReclaimReport(0, 0));
                assertThat(broker.settle(List.of(new Outcome.Done(claim)))).isEmpty();
            } else {
                assertThat(report).isEqualTo(new ReclaimReport(1, 0));
            }
        }

        @Test
        void aClaimThatIsSecuredIsAsItWas() {
            enqueue(1);
            Claim claim = claimOne("a");

            assertThat(broker.secure(claim)).isTrue();

            assertThat(broker.settle(List.of(new Outcome.Done(claim)))).isEmpty();
        }
    }

    /// Waiting.
    @Nested
    class Waiting {
        @Test
        void endsAtOnceWhenSomethingIsReady() throws Exception {
            enqueue(1);
            long start = System.nanoTime();
            broker.await(QUEUE, Duration.ofSeconds(30));
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
        }

        @Test
        void endsWhenTheTimeIsOver() throws Exception {
            long start = System.nanoTime();
            broker.await(QUEUE, Duration.ofMillis(200));
            assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(5));
        }

        /// Ten times in a row a waiting worker sees what another one enqueues. Looking once a second would take
        /// longer.
        @Test
        void endsSoonAfterAnotherOneEnqueues() throws Exception {
            try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
                long start = System.nanoTime();
                for (int i = 0; i < 10; i++) {
                    CountDownLatch waiting = new CountDownLatch(1);
                    Future<Claim> claimed = threads.submit(() -> {
                        List<Claim> claims = other.claim(QUEUE, "w", 1);
                        waiting.countDown();
                        while (claims.isEmpty()) {
                            other.await(QUEUE, Duration.ofSeconds(30));
                            claims = other.claim(QUEUE, "w", 1);
                        }
                        return claims.getFirst();
                    });
                    assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
                    enqueue(1);
                    other.settle(List.of(new Outcome.Done(claimed.get(20, TimeUnit.SECONDS))));
                }
                assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(4));
            }
        }

        @Test
        void endsWhenAnotherOneWakes() throws Exception {
            try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
                Future<Boolean> woken = threads.submit(() -> {
                    other.await(QUEUE, Duration.ofSeconds(30));
                    return true;
                });
                await().atMost(Duration.ofSeconds(20)).until(() -> {
                    broker.wake();
                    return woken.isDone();
                });
                assertThat(woken.get()).isTrue();
            }
        }
    }

    /// What an idle worker asks for.
    @Nested
    class ReadyTasks {
        @Test
        void areCountedInQueuesThatAreMeantAndNotPaused() {
            enqueue(3);
            broker.settle(List.of(new Outcome.Dead(claimOne("w"), DeadReason.FAILED, "no")));
            claimOne("w");
            broker.enqueue(List.of(new NewTask("", QUEUE, "{}", Duration.ofHours(1), "")));
            broker.enqueue(List.of(NewTask.of("elsewhere", "{}"), NewTask.of("third", "{}")));

            assertThat(other.ready(List.of(QUEUE))).isEqualTo(1);
            assertThat(other.ready(List.of(QUEUE, "elsewhere", "never used"))).isEqualTo(2);
            broker.pause("elsewhere");
            assertThat(other.ready(List.of(QUEUE, "elsewhere"))).isEqualTo(1);
        }

        @Test
        void areCountedSoFarOnly() {
            enqueue(700);
            broker.enqueue(Collections.nCopies(700, NewTask.of("elsewhere", "{}")));

            assertThat(other.ready(List.of("elsewhere"))).isEqualTo(700);
            assertThat(other.ready(List.of(QUEUE, "elsewhere"))).isEqualTo(Broker.MANY);
        }
    }

    /// The store that is only for playing.
    @Nested
    class Rehearsal {
        @Test
        void leavesNoTraceInTheRealOne() {
            enqueue(1);
            try (Broker stage = broker.rehearsal()) {
                if (stage == null) {
                    return;
                }
                String queue = "~rehearsal";
                String played = stage.enqueue(List.of(NewTask.of(queue, "{}"))).getFirst();

                assertThat(stage.claim(queue, "w", 10)).extracting(Claim::id).containsExactly(played);
                assertThat(broker.find(played)).isEmpty();
                assertThat(broker.counts()).doesNotContainKey(queue);
                // It holds nobody up.
                enqueue(1);
                assertThat(broker.claim(QUEUE, "w", 1)).hasSize(1);
            }
            assertThat(broker.counts()).containsOnlyKeys(QUEUE);
            assertThat(broker.claim(QUEUE, "w", 10)).hasSize(1);
        }
    }
}
