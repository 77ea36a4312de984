package dev.muster.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.control.Message.Verdict;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.DeadReason;
import dev.muster.task.TaskDesk.Cancellation;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The order and the state of queues, and what is known of a single task.
abstract class BrokerQueues extends BrokerOutcomes {

    String enqueue(int priority, String unique) {
        return enqueue(QUEUE, priority, unique, Duration.ZERO);
    }

    private String enqueue(String queue, int priority, String unique, Duration delay) {
        NewTask task = new NewTask("", queue, "{\"task\":\"t\"}", delay, "", priority, unique);
        return broker.enqueue(List.of(task)).getFirst();
    }

    /// Priorities.
    @Nested
    class Priorities {
        @Test
        void theHighestComesFirstAndAmongEqualsTheOldest() {
            String low = enqueue(-9, "");
            String usual = enqueue(0, "");
            String high = enqueue(9, "");
            String second = enqueue(9, "");
            String later = enqueue(0, "");

            assertThat(ids(other.claim(QUEUE, "w", 2))).containsExactly(high, second);
            assertThat(ids(other.claim(QUEUE, "w", 10))).containsExactly(usual, later, low);
            assertThat(view(high).priority()).isEqualTo(9);
            assertThat(view(low).priority()).isEqualTo(-9);
        }

        @Test
        void staysWithATaskThatComesAgain() {
            String low = enqueue(-1, "");
            String high = enqueue(5, "");
            Claim claim = claimOne("w");
            assertThat(claim.id()).isEqualTo(high);
            broker.settle(List.of(new Outcome.Retry(claim, claim.payload(), Duration.ZERO, "again")));
            String usual = enqueue(0, "");

            List<Claim> claims = broker.claim(QUEUE, "w", 10);
            assertThat(ids(claims)).containsExactly(high, usual, low);
            broker.giveBack(claims);
            assertThat(ids(broker.claim(QUEUE, "w", 10))).containsExactly(high, usual, low);
        }

        @Test
        void isKeptWithItsPlaceByWhatIsGivenBack() {
            List<String> ids =
                    List.of(enqueue(5, ""), enqueue(5, ""), enqueue(5, ""), enqueue(-5, ""), enqueue(-5, ""));

            other.giveBack(broker.claim(QUEUE, "w", 2));
            assertThat(ids(broker.claim(QUEUE, "w", 4))).containsExactlyElementsOf(ids.subList(0, 4));
            other.reclaim(dead("w", Verdict.ORDERED, ""), TERMS);

            assertThat(ids(broker.claim(QUEUE, "v", 10))).containsExactlyElementsOf(ids);
        }

        @Test
        void staysWithATaskThatWaitsForItsTimeAndWithOneThatIsRetriedByHand() {
            String low = enqueue(QUEUE, -3, "", Duration.ofMillis(1));
            String high = enqueue(QUEUE, 3, "", Duration.ofMillis(1));
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                List<Claim> claims = broker.claim(QUEUE, "w", 10);
                broker.giveBack(claims);
                return claims.size() == 2;
            });
            List<Claim> claims = broker.claim(QUEUE, "w", 10);
            assertThat(ids(claims)).containsExactly(high, low);
            broker.settle(claims.stream()
                    .<Outcome>map(claim -> new Outcome.Dead(claim, DeadReason.FAILED, "no"))
                    .toList());
            enqueue(0, "");

            assertThat(broker.retryAll()).isEqualTo(2);

            List<Claim> again = broker.claim(QUEUE, "w", 10);
            assertThat(again).hasSize(3);
            assertThat(again.getFirst().id()).isEqualTo(high);
            assertThat(again.getLast().id()).isEqualTo(low);
        }

        @Test
        void wakesAWorkerThatWaits() throws Exception {
            try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
                Future<String> claimed = threads.submit(() -> {
                    List<Claim> claims = other.claim(QUEUE, "w", 1);
                    while (claims.isEmpty()) {
                        other.await(QUEUE, Duration.ofSeconds(30));
                        claims = other.claim(QUEUE, "w", 1);
                    }
                    return claims.getFirst().id();
                });
                String high = enqueue(9, "");
                assertThat(claimed.get(20, TimeUnit.SECONDS)).isEqualTo(high);
            }
        }

        @Test
        void isCountedAsReadyAndMayBeDeleted() {
            String high = enqueue(9, "");
            enqueue(0, "");
            assertThat(counts().ready()).isEqualTo(2);

            assertThat(broker.delete(high)).isTrue();

            assertThat(counts().ready()).isEqualTo(1);
            assertThat(broker.find(high)).isEmpty();
        }
    }

    /// Unique keys.
    @Nested
    class UniqueKeys {
        @Test
        void keepOneTaskWhileItIsNotFinished() {
            String first = enqueue(0, "user-7");
            assertThat(enqueue(0, "user-7")).isEqualTo(first);
            assertThat(enqueue(9, "user-7")).isEqualTo(first);
            String next = enqueue(0, "user-8");
            assertThat(next).isNotEqualTo(first);
            assertThat(counts().accepted()).isEqualTo(2);
            assertThat(view(first).unique()).isEqualTo("user-7");

            Claim claim = claimOne("w");
            assertThat(enqueue(0, "user-7")).as("while it runs").isEqualTo(first);
            broker.settle(List.of(new Outcome.Retry(claim, claim.payload(), Duration.ofHours(1), "later")));
            assertThat(enqueue(0, "user-7")).as("while it is scheduled").isEqualTo(first);
        }

        @Test
        void areFreeWhenTheTaskIsDoneOrDeadOrDeleted() {
            String done = enqueue(0, "user-7");
            broker.settle(List.of(new Outcome.Done(claimOne("w"))));
            String dead = enqueue(0, "user-7");
            assertThat(dead).isNotEqualTo(done);
            broker.settle(List.of(new Outcome.Dead(claimOne("w"), DeadReason.FAILED, "no")));
            String deleted = enqueue(0, "user-7");
            assertThat(deleted).isNotEqualTo(dead);
            assertThat(broker.delete(deleted)).isTrue();
            String withResult = enqueue(0, "user-7");
            assertThat(withResult).isNotEqualTo(deleted);
            broker.settle(List.of(new Outcome.Done(claimOne("w"), "1", Duration.ofHours(1))));
            assertThat(enqueue(0, "user-7")).isNotEqualTo(withResult);
        }

        @Test
        void belongToTheirQueue() {
            String here = enqueue(0, "user-7");
            String elsewhere = enqueue("elsewhere", 0, "user-7", Duration.ZERO);
            assertThat(elsewhere).isNotEqualTo(here);
        }

        @Test
        void holdWithinOneCallAndBetweenMany() throws Exception {
            NewTask task = new NewTask("", QUEUE, "{\"task\":\"t\"}", Duration.ZERO, "", 0, "one");
            List<String> ids = broker.enqueue(List.of(task, task));
            assertThat(ids.getFirst()).isEqualTo(ids.getLast());
            NewTask contested = new NewTask("", QUEUE, "{\"task\":\"t\"}", Duration.ZERO, "", 0, "contested");
            inParallel(4, n -> (n % 2 == 0 ? broker : other).enqueue(List.of(contested)));
            assertThat(counts().ready()).isEqualTo(2);
        }

        @Test
        void theFirstOfOneCallIsTheOneThatIsKept() {
            NewTask later = new NewTask("", QUEUE, "{\"task\":\"t\"}", Duration.ofHours(1), "", 0, "key");
            NewTask now = new NewTask("", QUEUE, "{\"task\":\"t\"}", Duration.ZERO, "", 0, "key");
            NewTask named = new NewTask("named", QUEUE, "{\"task\":\"t\"}", Duration.ofHours(1), "");
            NewTask again = new NewTask("named", QUEUE, "{\"task\":\"u\"}", Duration.ZERO, "");

            List<String> ids = broker.enqueue(List.of(later, now, named, again));

            assertThat(ids.get(1)).isEqualTo(ids.get(0));
            assertThat(ids.subList(2, 4)).containsExactly("named", "named");
            assertThat(counts().scheduled()).isEqualTo(2);
            assertThat(counts().ready()).isZero();
            assertThat(counts().accepted()).isEqualTo(2);
            assertThat(broker.find("named").orElseThrow().payload()).contains("\"t\"");
        }

        /// A dead letter that comes again finds its key taken: it comes without it, for nothing may be lost.
        @Test
        void doNotKeepADeadLetterFromComingAgain() {
            String dead = enqueue(0, "user-7");
            broker.settle(List.of(new Outcome.Dead(claimOne("w"), DeadReason.FAILED, "no")));
            String present = enqueue(0, "user-7");

            assertThat(broker.retry(dead)).isTrue();

            assertThat(view(dead).unique()).isEmpty();
            assertThat(enqueue(0, "user-7")).isEqualTo(present);
            assertThat(ids(broker.claim(QUEUE, "w", 10))).containsExactlyInAnyOrder(dead, present);
        }

        /// Else a second task with its key would run beside it.
        @Test
        void areTakenAgainByADeadLetterThatIsRetried() {
            String dead = enqueue(0, "user-7");
            broker.settle(List.of(new Outcome.Dead(claimOne("w"), DeadReason.FAILED, "no")));
            String cancelled = enqueue(0, "user-8");
            assertThat(broker.cancel(cancelled)).isEqualTo(Cancellation.CANCELLED);

            assertThat(broker.retry(dead)).isTrue();
            assertThat(broker.retry(cancelled)).isTrue();

            assertThat(enqueue(0, "user-7")).isEqualTo(dead);
            assertThat(enqueue(0, "user-8")).isEqualTo(cancelled);
            assertThat(counts().ready()).isEqualTo(2);
            broker.settle(List.of(new Outcome.Done(claimOne("w"))));
            assertThat(enqueue(0, "user-7")).as("it is done").isNotEqualTo(dead);
        }

        @Test
        void areTakenAgainByOneOfSeveralDeadLetters() {
            String first = enqueue(0, "user-7");
            broker.settle(List.of(new Outcome.Dead(claimOne("w"), DeadReason.FAILED, "no")));
            String second = enqueue(0, "user-7");
            broker.settle(List.of(new Outcome.Dead(claimOne("w"), DeadReason.FAILED, "no")));

            assertThat(broker.retryAll()).isEqualTo(2);

            assertThat(List.of(view(first).unique(), view(second).unique())).containsExactlyInAnyOrder("user-7", "");
            assertThat(enqueue(0, "user-7")).isIn(first, second);
            assertThat(counts().ready()).isEqualTo(2);
        }
    }

    /// Queues that are paused.
    @Nested
    class Pausing {
        @Test
        void handsOutNothingAndAcceptsEverything() {
            enqueue(1);
            Claim running = claimOne("w");
            broker.pause(QUEUE);
            enqueue(1);
            broker.enqueue(List.of(NewTask.of("elsewhere", "{}")));

            assertThat(other.paused()).containsExactly(QUEUE);
            assertThat(other.claim(QUEUE, "w", 10)).isEmpty();
            assertThat(other.claim("elsewhere", "w", 10)).hasSize(1);
            assertThat(broker.settle(List.of(new Outcome.Done(running)))).isEmpty();
            assertThat(counts().ready()).isEqualTo(1);

            other.resume(QUEUE);
            assertThat(broker.paused()).isEmpty();
            assertThat(broker.claim(QUEUE, "w", 10)).hasSize(1);
        }

        @Test
        void ofAQueueThatWasNeverUsed() {
            broker.pause("future");
            other.enqueue(List.of(NewTask.of("future", "{}")));
            assertThat(other.claim("future", "w", 1)).isEmpty();
            broker.resume("future");
            assertThat(other.claim("future", "w", 1)).hasSize(1);
        }

        @Test
        void isRefusedForANameThatNoQueueCanHave() {
            for (String name : List.of("", "q".repeat(129), "ma\nil")) {
                assertThatThrownBy(() -> broker.pause(name))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageStartingWith("the name of a queue has ");
            }
            assertThat(broker.paused()).isEmpty();
        }

        @Test
        void whoWaitsIsWokenByTheResumption() throws Exception {
            broker.pause(QUEUE);
            enqueue(1);
            try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
                Future<Integer> rounds = threads.submit(() -> {
                    int count = 0;
                    while (other.claim(QUEUE, "w", 1).isEmpty()) {
                        other.await(QUEUE, Duration.ofSeconds(30));
                        count++;
                    }
                    return count;
                });
                assertThatThrownBy(() -> rounds.get(300, TimeUnit.MILLISECONDS))
                        .isInstanceOf(java.util.concurrent.TimeoutException.class);
                broker.resume(QUEUE);
                assertThat(rounds.get(20, TimeUnit.SECONDS))
                        .as("waits, and does not spin")
                        .isLessThan(10);
            }
        }
    }

    /// Several queues at once.
    @Nested
    class SeveralQueues {
        @Test
        void endTheWaitWhicheverIsFilled() throws Exception {
            List<String> queues = List.of("first", "second", "third");
            try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
                for (String filled : queues) {
                    Future<String> claimed = threads.submit(() -> {
                        while (true) {
                            for (String queue : queues) {
                                List<Claim> claims = other.claim(queue, "w", 1);
                                if (!claims.isEmpty()) {
                                    other.settle(List.of(new Outcome.Done(claims.getFirst())));
                                    return queue;
                                }
                            }
                            other.await(queues, Duration.ofSeconds(4));
                        }
                    });
                    long start = System.nanoTime();
                    broker.enqueue(List.of(NewTask.of(filled, "{}")));
                    assertThat(claimed.get(20, TimeUnit.SECONDS)).isEqualTo(filled);
                    assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(3));
                }
            }
        }
    }

    /// Cancelling.
    @Nested
    class Cancelling {
        @Test
        void endsATaskThatWaits() {
            String ready = enqueue(0, "");
            String later = enqueue(QUEUE, 0, "", Duration.ofHours(1));

            assertThat(broker.cancel(ready)).isEqualTo(Cancellation.CANCELLED);
            assertThat(broker.cancel(later)).isEqualTo(Cancellation.CANCELLED);

            assertThat(view(ready).state()).isEqualTo("DEAD");
            assertThat(view(ready).reason()).isEqualTo("CANCELLED");
            assertThat(view(later).reason()).isEqualTo("CANCELLED");
            assertThat(broker.claim(QUEUE, "w", 10)).isEmpty();
            assertThat(broker.cancel(ready)).isEqualTo(Cancellation.NOT_FOUND);
            assertThat(broker.cancel("unknown")).isEqualTo(Cancellation.NOT_FOUND);
        }

        @Test
        void isForgottenByRetryOfAllButNotByRetryOfOne() {
            String id = enqueue(0, "");
            broker.cancel(id);

            assertThat(broker.retryAll()).isZero();
            assertThat(broker.retry(id)).isTrue();
            broker.settle(List.of(new Outcome.Retry(claimOne("w"), "{\"task\":\"t\"}", Duration.ZERO, "again")));
            assertThat(view(id).state()).isEqualTo("READY");
        }

        @Test
        void tellsTheWorkerAndLetsTheTaskComeNeverAgain() {
            List<String> ids = enqueue(4);
            List<Claim> claims = broker.claim(QUEUE, "w", 3);
            Claim foreign = broker.claim(QUEUE, "v", 1).getFirst();
            for (String id : ids) {
                assertThat(other.cancel(id)).isEqualTo(Cancellation.ASKED);
            }
            assertThat(view(ids.getFirst()).cancelled()).isTrue();
            assertThat(broker.cancelled("w")).containsExactlyInAnyOrderElementsOf(ids.subList(0, 3));

            broker.settle(List.of(
                    new Outcome.Done(claims.get(0)),
                    new Outcome.Retry(claims.get(1), claims.get(1).payload(), Duration.ofHours(1), "interrupted")));
            broker.giveBack(List.of(claims.get(2)));

            assertThat(broker.find(ids.get(0))).as("it was done first").isEmpty();
            assertThat(view(ids.get(1)).reason()).isEqualTo("CANCELLED");
            assertThat(view(ids.get(2)).reason()).isEqualTo("CANCELLED");
            assertThat(broker.cancelled("w")).isEmpty();
            assertThat(broker.cancelled("v")).containsExactly(foreign.id());
        }

        @Test
        void holdsWhenTheWorkerDies() {
            List<String> ids = enqueue(2);
            broker.claim(QUEUE, "w", 2);
            ids.forEach(other::cancel);

            other.reclaim(dead("w", Verdict.CRASH, "", ids.getFirst()), TERMS);

            assertThat(ids).allSatisfy(id -> assertThat(view(id).reason()).isEqualTo("CANCELLED"));
            assertThat(counts().ready()).isZero();
        }
    }

    /// What a task leaves behind for those who ask.
    @Nested
    class Results {
        @Test
        void areKeptForAWhile() {
            String id = enqueue(1).getFirst();
            broker.settle(List.of(new Outcome.Done(claimOne("w"), "{\"sum\":3}", Duration.ofHours(1))));

            assertThat(view(id).state()).isEqualTo("DONE");
            assertThat(view(id).result()).isEqualTo("{\"sum\":3}");
            assertThat(counts().done()).isEqualTo(1);
            assertThat(other.delete(id)).as("it is done").isFalse();
            assertThat(other.cancel(id)).isEqualTo(Cancellation.NOT_FOUND);
        }

        @Test
        void areToldWithoutTheMessageToo() {
            List<String> ids = enqueue(2);
            broker.settle(List.of(new Outcome.Done(claimOne("w"), "3", Duration.ofHours(1))));

            assertThat(other.look(ids.getFirst()).orElseThrow().result()).isEqualTo("3");
            assertThat(other.look(ids.getLast()).orElseThrow())
                    .usingRecursiveComparison()
                    .ignoringFields("payload")
                    .isEqualTo(view(ids.getLast()));
            assertThat(other.look("unknown")).isEmpty();
        }

        @Test
        void keepNeitherTheIdNorTheUniqueKey() {
            String id = broker.enqueue(List.of(new NewTask("order-7", QUEUE, "{}", Duration.ZERO, "", 0, "seven")))
                    .getFirst();
            broker.settle(List.of(new Outcome.Done(claimOne("w"), "1", Duration.ofHours(1))));

            assertThat(broker.enqueue(List.of(new NewTask(id, QUEUE, "{}", Duration.ZERO, "", 0, "seven"))))
                    .containsExactly(id);
            assertThat(view(id).state()).isEqualTo("READY");
            broker.settle(List.of(new Outcome.Done(claimOne("w"), "2", Duration.ofHours(1))));
            assertThat(view(id).result()).isEqualTo("2");
            assertThat(counts().done()).isEqualTo(2);
        }

        @Test
        void vanishWhenTheirTimeIsOver() {
            String id = enqueue(1).getFirst();
            broker.settle(List.of(new Outcome.Done(claimOne("w"), "1", Duration.ofMillis(1))));

            await().atMost(Duration.ofSeconds(10)).until(() -> other.find(id).isEmpty());
            enqueue(1);
            broker.settle(List.of(new Outcome.Done(claimOne("w"), "2", Duration.ofHours(1))));
            assertThat(counts().done()).isEqualTo(2);
            assertThat(broker.enqueue(List.of(new NewTask(id, QUEUE, "{}", Duration.ZERO, ""))))
                    .containsExactly(id);
            assertThat(counts().ready()).as("its id is free again").isEqualTo(1);
        }

        @Test
        void progressBelongsToTheClaim() {
            String id = enqueue(1).getFirst();
            Claim first = claimOne("w");
            broker.progress(first, "{\"percent\":10}");
            assertThat(view(id).progress()).isEqualTo("{\"percent\":10}");
            broker.giveBack(List.of(first));
            Claim second = claimOne("v");
            broker.progress(second, "20");
            broker.progress(first, "99");

            assertThat(view(id).progress()).isEqualTo("20");
            assertThat(view(id).owner()).isEqualTo("v");
            broker.settle(List.of(new Outcome.Done(second, "true", Duration.ofHours(1))));
            assertThat(view(id).progress()).isEqualTo("20");
        }
    }
}
