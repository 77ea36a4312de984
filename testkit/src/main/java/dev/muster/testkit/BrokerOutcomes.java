package dev.muster.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy;
import dev.muster.task.Broker.CrashPolicy.Terms;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Broker.ReclaimReport;
import dev.muster.task.Broker.TaskView;
import dev.muster.task.DeadReason;
import dev.muster.task.OnCrash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The part of the [BrokerContract] that is about how tasks end.
abstract class BrokerOutcomes extends BrokerAttempts {
    /// Outcomes.
    @Nested
    class Settling {
        @Test
        void doneLeavesTheStoreAndIsCounted() {
            List<String> ids = enqueue(2);
            List<Claim> claims = broker.claim(QUEUE, "w", 2);

            assertThat(broker.settle(
                            claims.stream().<Outcome>map(Outcome.Done::new).toList()))
                    .isEmpty();
            assertThat(counts()).isEqualTo(new QueueCounts(2, 0, 0, 0, 2, 0, 0, 0));
            assertThat(other.find(ids.getFirst())).isEmpty();
        }

        @Test
        void retryComesAgainAtTheTailWithItsNewMessage() {
            List<String> ids = enqueue(2);
            Claim failed = claimOne("w");

            assertThat(broker.settle(
                            List.of(new Outcome.Retry(failed, "{\"retry\":1}", Duration.ZERO, "upstream is down"))))
                    .isEmpty();
            List<Claim> claims = other.claim(QUEUE, "w2", 10);

            assertThat(ids(claims)).containsExactly(ids.get(1), ids.get(0));
            assertThat(claims.getLast().payload()).isEqualTo("{\"retry\":1}");
            assertThat(claims.getLast().attempts()).isEqualTo(1);
            assertThat(counts().retried()).isEqualTo(1);
            assertThat(view(ids.getFirst()).history())
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("upstream is down");
        }

        @Test
        void retryWaitsForItsDelay() {
            enqueue(1);
            Claim failed = claimOne("w");
            broker.settle(List.of(new Outcome.Retry(failed, failed.payload(), Duration.ofMillis(300), "later")));

            assertThat(broker.claim(QUEUE, "w", 1)).isEmpty();
            assertThat(counts().scheduled()).isEqualTo(1);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> broker.claim(QUEUE, "w", 1).size() == 1);
        }

        @Test
        void aClaimOfATaskThatHadTheIdBeforeIsStale() {
            NewTask task = NewTask.of(QUEUE, "{\"id\":\"order-7\",\"task\":\"t\"}");
            broker.enqueue(List.of(task));
            Claim first = claimOne("w");
            broker.settle(List.of(new Outcome.Done(first)));
            // Tokens may begin with the time: the next one is to have another.
            long settled = System.currentTimeMillis();
            while (System.currentTimeMillis() <= settled + 1) {
                Thread.onSpinWait();
            }
            broker.enqueue(List.of(task));
            Claim second = claimOne("v");

            assertThat(second.token()).isGreaterThan(first.token());
            assertThat(other.settle(List.of(new Outcome.Done(first)))).hasSize(1);
            assertThat(counts().running()).isEqualTo(1);
        }

        @Test
        void deadBecomesADeadLetterWithItsReason() {
            String id = enqueue(1).getFirst();

            broker.settle(
                    List.of(new Outcome.Dead(claimOne("w"), DeadReason.FAILED, "java.io.IOException: no\n\tat x")));

            assertThat(counts().dead()).isEqualTo(1);
            TaskView view = view(id);
            assertThat(view.state()).isEqualTo("DEAD");
            assertThat(view.reason()).isEqualTo("FAILED");
            assertThat(view.detail()).isEqualTo("java.io.IOException: no\n\tat x");
            assertThat(view.attempts()).isEqualTo(1);
            assertThat(other.dead(10)).singleElement().isEqualTo(view);
        }

        @Test
        void refusesAnOutcomeUnderAStaleTokenAndKeepsItAsANote() {
            String id = enqueue(1).getFirst();
            Claim stale = claimOne("a");
            broker.reclaim(dead("a", Verdict.ORDERED, ""), TERMS);
            Outcome late = new Outcome.Done(stale);

            assertThat(broker.settle(List.of(late))).containsExactly(late);
            Claim current = claimOne("b");
            assertThat(current.token()).isNotEqualTo(stale.token());
            assertThat(broker.settle(List.of(late))).containsExactly(late);
            assertThat(broker.settle(List.of(new Outcome.Retry(stale, "{}", Duration.ZERO, "x"))))
                    .hasSize(1);
            assertThat(broker.settle(List.of(new Outcome.Dead(stale, DeadReason.FAILED, "x"))))
                    .hasSize(1);
            assertThat(broker.settle(List.of(new Outcome.Snooze(stale, Duration.ZERO, "x"))))
                    .hasSize(1);
            assertThat(counts().running()).isEqualTo(1);
            assertThat(view(id).history()).hasSize(5).allMatch(line -> line.contains("refused"));
            assertThat(view(id).payload()).isNotEqualTo("{}");
            assertThat(broker.settle(List.of(new Outcome.Done(current)))).isEmpty();
        }

        @Test
        void storesTheGoodOnesOfABatchWithAStaleOne() {
            enqueue(3);
            List<Claim> claims = broker.claim(QUEUE, "w", 3);
            broker.settle(List.of(new Outcome.Done(claims.get(1))));

            List<Outcome> stale = broker.settle(
                    claims.stream().<Outcome>map(Outcome.Done::new).toList());

            assertThat(stale)
                    .extracting(o -> o.claim().id())
                    .containsExactly(claims.get(1).id());
            assertThat(counts().done()).isEqualTo(3);
        }

        @Test
        void keepsTheFirstAndTheLastTenLinesOfAHistory() {
            String id = enqueue(1).getFirst();
            for (int i = 1; i <= 30; i++) {
                Claim claim = claimOne("w");
                broker.settle(
                        List.of(new Outcome.Retry(claim, claim.payload(), Duration.ZERO, "failure no " + i + ".")));
            }

            List<String> history = view(id).history();
            assertThat(history.stream().filter(line -> line.contains("failure no")))
                    .hasSize(20)
                    .satisfies(lines -> {
                        assertThat(lines.get(9)).contains("failure no 10.");
                        assertThat(lines.get(10)).contains("failure no 21.");
                        assertThat(lines.get(19)).contains("failure no 30.");
                    });
            assertThat(view(id).attempts()).isEqualTo(30);
        }
    }

    /// What becomes of the work of a dead worker.
    @Nested
    class Reclaiming {
        @Test
        void whatWasOnlyClaimedGoesBackUntouchedInItsPlace() {
            List<String> ids = enqueue(4);
            broker.claim(QUEUE, "a", 3);

            ReclaimReport report = other.reclaim(dead("a", Verdict.CRASH, ""), TERMS);

            assertThat(report).isEqualTo(new ReclaimReport(3, 0));
            List<Claim> claims = other.claim(QUEUE, "b", 10);
            assertThat(ids(claims)).containsExactlyElementsOf(ids);
            assertThat(claims).allMatch(c -> c.crashes() == 0 && c.attempts() == 0 && !c.alone());
        }

        @Test
        void isIdempotent() {
            String id = enqueue(1).getFirst();
            claimOne("a");

            other.reclaim(dead("a", Verdict.CRASH, "", id), TERMS);
            Claim again = claimOne("b");

            assertThat(broker.reclaim(dead("a", Verdict.CRASH, "", id), TERMS)).isEqualTo(new ReclaimReport(0, 0));
            assertThat(view(id).crashes()).isEqualTo(1);
            assertThat(broker.settle(List.of(new Outcome.Done(again)))).isEmpty();
        }

        @Test
        void leavesTheWorkOfOthersAlone() {
            enqueue(2);
            claimOne("a");
            Claim alive = claimOne("b");

            assertThat(broker.reclaim(dead("a", Verdict.CRASH, "", alive.id()), TERMS)
                            .requeued())
                    .isEqualTo(1);
            assertThat(broker.settle(List.of(new Outcome.Done(alive)))).isEmpty();
        }

        @Test
        void aStartedTaskSpendsACrashAndGoesToTheTail() {
            List<String> ids = enqueue(3);
            broker.claim(QUEUE, "a", 2);

            broker.reclaim(dead("a", Verdict.CRASH, "", ids.get(0)), TERMS);
            List<Claim> claims = broker.claim(QUEUE, "b", 10);

            assertThat(ids(claims)).containsExactly(ids.get(1), ids.get(2), ids.get(0));
            assertThat(claims.getLast().crashes()).isEqualTo(1);
            assertThat(claims.getLast().attempts()).isZero();
            assertThat(claims.getLast().alone()).isFalse();
            assertThat(view(ids.get(0)).history()).singleElement().asString().contains("SIGNAL 9");
        }

        @Test
        void theThirdCrashEndsIt() {
            String id = enqueue(1).getFirst();
            for (int i = 0; i < 2; i++) {
                claimOne("w" + i);
                assertThat(broker.reclaim(dead("w" + i, Verdict.CRASH, "", id), TERMS)
                                .requeued())
                        .isEqualTo(1);
            }
            claimOne("w3");

            assertThat(broker.reclaim(dead("w3", Verdict.CRASH, "", id), TERMS)).isEqualTo(new ReclaimReport(0, 1));
            assertThat(view(id).reason()).isEqualTo("CRASHED");
            assertThat(view(id).crashes()).isEqualTo(3);
            assertThat(view(id).attempts()).isZero();
            assertThat(view(id).detail()).contains("SIGNAL 9").contains("/dumps/1.json");
        }

        @Test
        void ofSeveralStartedEachRunsAloneNext() {
            List<String> ids = enqueue(4);
            broker.claim(QUEUE, "a", 3);

            broker.reclaim(dead("a", Verdict.CRASH, "", ids.get(0), ids.get(1)), TERMS);

            assertThat(ids(broker.claim(QUEUE, "b", 10))).containsExactly(ids.get(2), ids.get(3));
            List<Claim> first = broker.claim(QUEUE, "b", 10);
            assertThat(ids(first)).containsExactly(ids.get(0));
            assertThat(first.getFirst().alone()).isTrue();
            assertThat(ids(broker.claim(QUEUE, "b", 10))).containsExactly(ids.get(1));
        }

        @Test
        void theyDoSoFromWhicheverQueuesTheyCame() {
            String here = enqueue(1).getFirst();
            String there =
                    broker.enqueue(List.of(NewTask.of("elsewhere", "{}"))).getFirst();
            claimOne("a");
            broker.claim("elsewhere", "a", 1);

            other.reclaim(dead("a", Verdict.CRASH, "", here, there), TERMS);

            Claim first = claimOne("b");
            Claim second = broker.claim("elsewhere", "b", 1).getFirst();
            assertThat(ids(List.of(first, second))).containsExactly(here, there);
            assertThat(List.of(first, second)).allMatch(claim -> claim.crashes() == 1 && claim.alone());
        }

        @Test
        void anOrderedDeathSpendsNothing() {
            String id = enqueue(1).getFirst();
            claimOne("a");

            broker.reclaim(dead("a", Verdict.ORDERED, "", id), TERMS);

            Claim again = claimOne("b");
            assertThat(again.crashes()).isZero();
            assertThat(again.attempts()).isZero();
        }

        @Test
        void theGuiltyOneSpendsAnAttemptAndItsSiblingsNothing() {
            List<String> ids = enqueue(3);
            broker.claim(QUEUE, "a", 3);
            CrashPolicy policy = claim -> new Terms(OnCrash.RETRY, "{\"retry\":1}", Duration.ZERO);

            ReclaimReport report =
                    broker.reclaim(dead("a", Verdict.DEADLINE, ids.get(0), ids.get(0), ids.get(1)), policy);

            assertThat(report).isEqualTo(new ReclaimReport(3, 0));
            List<Claim> claims = broker.claim(QUEUE, "b", 10);
            assertThat(ids(claims)).first().isEqualTo(ids.get(2));
            assertThat(claims).allMatch(c -> c.crashes() == 0 && !c.alone());
            Claim guilty = claims.stream()
                    .filter(c -> c.id().equals(ids.get(0)))
                    .findFirst()
                    .orElseThrow();
            assertThat(guilty.attempts()).isEqualTo(1);
            assertThat(guilty.payload()).isEqualTo("{\"retry\":1}");
            assertThat(claims.stream().filter(c -> c.attempts() > 0)).hasSize(1);
            assertThat(counts().retried()).isEqualTo(1);
        }

        @Test
        void theGuiltyOneEndsWhenItHasNoAttemptLeft() {
            String id = enqueue(1).getFirst();
            claimOne("a");

            assertThat(broker.reclaim(dead("a", Verdict.DEADLINE, id, id), TERMS)
                            .dead())
                    .isEqualTo(1);
            assertThat(view(id).reason()).isEqualTo("DEADLINE");
            assertThat(view(id).detail()).contains("/dumps/1.json");
            assertThat(view(id).attempts()).isEqualTo(1);
        }

        @Test
        void onCrashDeadEndsEveryStartedTaskAtOnce() {
            for (Verdict verdict : Verdict.values()) {
                List<String> ids = enqueue(3);
                String owner = "w-" + verdict;
                broker.claim(QUEUE, owner, 3);
                CrashPolicy policy = claim -> new Terms(OnCrash.DEAD, "{}", Duration.ZERO);
                String guilty = verdict == Verdict.DEADLINE ? ids.get(0) : "";

                ReclaimReport report = broker.reclaim(dead(owner, verdict, guilty, ids.get(0), ids.get(1)), policy);

                assertThat(report).as("%s", verdict).isEqualTo(new ReclaimReport(1, 2));
                assertThat(view(ids.get(0)).reason()).isEqualTo(verdict == Verdict.DEADLINE ? "DEADLINE" : "CRASHED");
                assertThat(view(ids.get(1)).reason()).isEqualTo("CRASHED");
                broker.settle(List.of(new Outcome.Done(claimOne("clean"))));
            }
        }

        @Test
        void withoutMarksOnlyOnCrashDeadPays() {
            List<String> ids = enqueue(2);
            broker.claim(QUEUE, "a", 2);
            CrashPolicy policy = claim ->
                    new Terms(claim.id().equals(ids.get(0)) ? OnCrash.DEAD : OnCrash.RETRY, null, Duration.ZERO);
            DeadWorker unknown =
                    new DeadWorker("a", QUEUE, Verdict.CRASH, "", List.of(), false, "the node was restarted", "");

            assertThat(broker.reclaim(unknown, policy)).isEqualTo(new ReclaimReport(1, 1));
            assertThat(view(ids.get(0)).reason()).isEqualTo("CRASHED");
            Claim back = claimOne("b");
            assertThat(back.id()).isEqualTo(ids.get(1));
            assertThat(back.crashes()).isZero();
        }

        @Test
        void twoThatReclaimAtOnceDoItOnce() throws Exception {
            List<String> ids = enqueue(50);
            broker.claim(QUEUE, "a", 50);
            DeadWorker dead = dead("a", Verdict.CRASH, "", ids.get(0));
            List<Integer> requeued = Collections.synchronizedList(new ArrayList<>());

            inParallel(
                    4,
                    n -> requeued.add(
                            (n % 2 == 0 ? broker : other).reclaim(dead, TERMS).requeued()));

            assertThat(requeued.stream().mapToInt(Integer::intValue).sum()).isEqualTo(50);
            assertThat(view(ids.get(0)).crashes()).isEqualTo(1);
        }
    }

    /// What people do.
    @Nested
    class Mending {
        @Test
        void aDeadLetterThatIsRetriedHasFreshBudgetsAndItsFirstMessage() {
            String id = enqueue(1).getFirst();
            Claim claim = claimOne("w");
            String first = claim.payload();
            broker.settle(List.of(new Outcome.Retry(claim, "{\"retry\":1}", Duration.ZERO, "x")));
            broker.settle(List.of(new Outcome.Dead(claimOne("w"), DeadReason.FAILED, "y")));

            assertThat(other.retry(id)).isTrue();

            Claim again = claimOne("w");
            assertThat(again.attempts()).isZero();
            assertThat(again.payload()).isEqualTo(first);
            assertThat(view(id).reason()).isEmpty();
            assertThat(view(id).history()).hasSizeGreaterThan(2);
        }

        @Test
        void onlyADeadLetterCanBeRetried() {
            String id = enqueue(1).getFirst();

            assertThat(broker.retry(id)).isFalse();
            assertThat(broker.retry("nothing")).isFalse();
        }

        @Test
        void allDeadLettersCanBeRetriedAtOnce() {
            for (int i = 0; i < 3; i++) {
                broker.enqueue(List.of(NewTask.ofLine("no json", QUEUE)));
            }

            assertThat(other.retryAll()).isEqualTo(3);
            assertThat(counts().ready()).isEqualTo(3);
            assertThat(other.retryAll()).isZero();
        }

        @Test
        void deletesWhatIsNotClaimed() {
            List<String> ids = enqueue(2);
            claimOne("w");

            assertThat(other.delete(ids.get(0))).isFalse();
            assertThat(other.delete(ids.get(1))).isTrue();
            assertThat(other.delete(ids.get(1))).isFalse();
            assertThat(counts().deleted()).isEqualTo(1);
            assertThat(counts().accepted()).isEqualTo(2);
        }

        @Test
        void listsTheNewestDeadLettersFirst() {
            List<String> ids = enqueue(3);
            for (Claim claim : broker.claim(QUEUE, "w", 3)) {
                broker.settle(List.of(new Outcome.Dead(claim, DeadReason.BURIED, "x")));
            }

            assertThat(other.dead(2)).extracting(TaskView::id).containsExactly(ids.get(2), ids.get(1));
        }
    }
}
