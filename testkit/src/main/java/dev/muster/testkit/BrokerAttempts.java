package dev.muster.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.muster.control.Message.Verdict;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy;
import dev.muster.task.Broker.CrashPolicy.Terms;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.DeadReason;
import dev.muster.task.OnCrash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// The part of the [BrokerContract] that is about what an attempt spends.
abstract class BrokerAttempts extends BrokerFixture {
    /// Tasks that put themselves off, and what is known of the first attempt.
    @Nested
    class Attempts {
        @Test
        void snoozeWaitsForItsDelayAndSpendsNothing() {
            String id = enqueue(1).getFirst();
            Claim early = claimOne("w");

            assertThat(broker.settle(List.of(new Outcome.Snooze(early, Duration.ofMillis(300), "no file yet"))))
                    .isEmpty();
            assertThat(broker.claim(QUEUE, "w", 1)).isEmpty();
            assertThat(view(id).state()).isEqualTo("SCHEDULED");
            assertThat(view(id).history()).singleElement().asString().contains("no file yet");
            assertThat(counts()).isEqualTo(new QueueCounts(1, 0, 1, 0, 0, 0, 0, 0));
            List<Claim> again = new ArrayList<>();
            await().atMost(Duration.ofSeconds(10)).until(() -> again.addAll(other.claim(QUEUE, "w2", 1)));
            assertThat(again.getFirst().payload()).isEqualTo(early.payload());
            assertThat(again.getFirst().attempts()).isZero();
            assertThat(again.getFirst().crashes()).isZero();
            assertThat(again.getFirst().firstAttemptAt()).isZero();
            assertThat(again.getFirst().token()).isGreaterThan(early.token());
        }

        @Test
        void whatAnOwnerHoldsIsWhatItHasClaimedAndNotEnded() {
            List<String> ids = enqueue(5);
            List<Claim> claims = broker.claim(QUEUE, "w", 4);
            assertThat(broker.claim(QUEUE, "w2", 1)).hasSize(1);
            assertThat(other.held("w")).containsExactlyElementsOf(claims);

            broker.giveBack(List.of(claims.get(1)));
            broker.settle(List.of(new Outcome.Done(claims.get(0))));
            Claim again = other.claim(QUEUE, "w", 1).getFirst();

            assertThat(again.id()).isEqualTo(ids.get(1));
            assertThat(other.held("w"))
                    .as("with the tokens that hold")
                    .containsExactlyInAnyOrder(claims.get(2), claims.get(3), again);
            assertThat(other.held("nobody")).isEmpty();
        }

        @Test
        void snoozeWithoutADelayGoesToTheTail() {
            List<String> ids = enqueue(2);

            broker.settle(List.of(new Outcome.Snooze(claimOne("w"), Duration.ZERO, "")));

            assertThat(ids(other.claim(QUEUE, "w", 10))).containsExactly(ids.get(1), ids.get(0));
        }

        @Test
        void ofSnoozesInARowOnlyTheLastStaysInTheHistory() {
            String id = enqueue(1).getFirst();
            for (int i = 1; i <= 3; i++) {
                broker.settle(List.of(new Outcome.Snooze(claimOne("w"), Duration.ZERO, "look no " + i + ".")));
            }
            Claim failed = claimOne("w");
            broker.settle(List.of(new Outcome.Retry(failed, failed.payload(), Duration.ZERO, "it snoozed, it failed")));
            for (int i = 4; i <= 6; i++) {
                broker.settle(List.of(new Outcome.Snooze(claimOne("w"), Duration.ZERO, "look no " + i + ".")));
            }

            assertThat(view(id).history())
                    .satisfiesExactly(
                            line -> assertThat(line).contains("look no 3."),
                            line -> assertThat(line).contains("it failed"),
                            line -> assertThat(line).contains("look no 6."));
            assertThat(view(id).attempts()).isEqualTo(1);
        }

        @Test
        void remembersWhenTheFirstAttemptThatWasSpentWasClaimed() {
            String id = enqueue(1).getFirst();
            broker.giveBack(List.of(claimOne("w")));
            Claim first = claimOne("w");
            long claimedAt = view(id).changedAtEpochMillis();
            assertThat(first.firstAttemptAt()).isZero();
            await().until(() -> System.currentTimeMillis() > claimedAt + 1);
            broker.settle(List.of(new Outcome.Retry(first, first.payload(), Duration.ZERO, "x")));
            Claim second = claimOne("w2");
            assertThat(second.firstAttemptAt()).isEqualTo(claimedAt);

            CrashPolicy policy = claim -> new Terms(OnCrash.RETRY, claim.payload(), Duration.ZERO);
            other.reclaim(dead("w2", Verdict.DEADLINE, id, id), policy);
            Claim third = claimOne("w");
            assertThat(third.attempts()).isEqualTo(2);
            assertThat(third.firstAttemptAt()).isEqualTo(claimedAt);

            broker.settle(List.of(new Outcome.Dead(third, DeadReason.FAILED, "y")));
            other.retry(id);
            assertThat(claimOne("w").firstAttemptAt()).as("fresh budgets").isZero();
        }

        @Test
        void severalGuiltyOnesSpendAnAttemptEach() {
            List<String> ids = enqueue(3);
            broker.claim(QUEUE, "a", 3);
            CrashPolicy policy = claim -> new Terms(OnCrash.RETRY, claim.payload(), Duration.ZERO);
            String guilty = ids.get(0) + " " + ids.get(2);

            broker.reclaim(dead("a", Verdict.DEADLINE, guilty, ids.get(0), ids.get(1), ids.get(2)), policy);

            List<Claim> claims = broker.claim(QUEUE, "b", 10);
            assertThat(claims)
                    .filteredOn(claim -> claim.attempts() == 1)
                    .extracting(Claim::id)
                    .containsExactlyInAnyOrder(ids.get(0), ids.get(2));
            assertThat(claims).allMatch(claim -> claim.crashes() == 0);
        }
    }
}
