package dev.muster.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.task.Broker.NewTask;
import dev.muster.task.Coordination.Lease;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// What nodes agree on.
abstract class BrokerCoordination extends BrokerQueues {
    private static final Duration LONG = Duration.ofMinutes(10);

    private Lease held(String name, String holder, Duration term) {
        return broker.coordination().lease(name, holder, "", term).orElseThrow();
    }

    /// Leases.
    @Nested
    class NamedLeases {
        @Test
        void belongToOneHolderAtATime() {
            Lease lease = held("reports", "node-1", LONG);

            assertThat(lease.name()).isEqualTo("reports");
            assertThat(lease.holder()).isEqualTo("node-1");
            assertThat(other.coordination().lease("reports", "node-2", "", LONG))
                    .isEmpty();
            assertThat(other.coordination().lease("mails", "node-2", "", LONG)).isPresent();
        }

        @Test
        void areProlongedByTheirHolderUnderTheSameToken() {
            Lease first = held("reports", "node-1", Duration.ofMinutes(1));
            Lease second = other.coordination()
                    .lease("reports", "node-1", "new note", LONG)
                    .orElseThrow();

            assertThat(second.token()).isEqualTo(first.token());
            assertThat(second.until()).isAfter(first.until());
            assertThat(broker.coordination().leases("reports")).containsExactly(second);
            assertThat(second.note()).isEqualTo("new note");
        }

        @Test
        void passOnWhenTheyRunOutWithAHigherToken() {
            Lease first = held("reports", "node-1", Duration.ofMillis(50));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> other.coordination()
                            .lease("reports", "node-2", "", LONG)
                            .isPresent());

            Lease second = broker.coordination().leases("reports").getFirst();
            assertThat(second.holder()).isEqualTo("node-2");
            assertThat(second.token()).isGreaterThan(first.token());
            assertThat(broker.coordination().lease("reports", "node-1", "", LONG))
                    .isEmpty();
        }

        @Test
        void passOnWhenTheyAreReleased() {
            Lease first = held("reports", "node-1", LONG);
            other.coordination().release(new Lease("reports", "node-2", "", first.token(), first.until()));
            assertThat(other.coordination().lease("reports", "node-2", "", LONG))
                    .as("only the holder releases")
                    .isEmpty();
            broker.coordination().release(first);
            Lease second =
                    other.coordination().lease("reports", "node-2", "", LONG).orElseThrow();

            assertThat(second.token()).isGreaterThan(first.token());
        }

        @Test
        void areNotReleasedByWhoHeldThemBefore() {
            Lease first = held("reports", "node-1", LONG.minusSeconds(1));
            // The next process of the same node, which has the same name.
            Lease second = held("reports", "node-1", LONG);

            broker.coordination().release(first);

            assertThat(broker.coordination().leases("reports")).containsExactly(second);
        }

        @Test
        void haveAHigherTokenWhenTheirHolderWasLate() {
            Lease first = held("reports", "node-1", Duration.ofMillis(1));
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> broker.coordination().leases("reports").isEmpty());
            assertThat(held("reports", "node-1", LONG).token()).isGreaterThan(first.token());
        }

        @Test
        void areListedByTheBeginningOfTheirNames() {
            held("node/b", "b", LONG);
            held("node/a", "a", LONG);
            held("node_c", "c", LONG);
            held("other", "a", LONG);

            assertThat(other.coordination().leases("node/"))
                    .extracting(Lease::name)
                    .containsExactly("node/a", "node/b");
        }

        @Test
        void goToOneOfManyWhoAskAtOnce() throws Exception {
            AtomicInteger winners = new AtomicInteger();
            inParallel(8, n -> {
                if ((n % 2 == 0 ? broker : other)
                        .coordination()
                        .lease("contested", "node-" + n, "", LONG)
                        .isPresent()) {
                    winners.incrementAndGet();
                }
                return n;
            });
            assertThat(winners).hasValue(1);
        }

        @Test
        void refuseWhatIsNotLegal() {
            assertThatThrownBy(() -> held("", "a", LONG)).hasMessageContaining("name");
            assertThatThrownBy(() -> held("a", "", LONG)).hasMessageContaining("holder");
            assertThatThrownBy(() -> held("a", "a", Duration.ZERO)).hasMessageContaining("1 ms");
        }
    }

    /// Instants of schedules.
    @Nested
    class Schedules {
        private final Instant noon = Instant.parse("2030-01-01T12:00:00Z");

        @Test
        void serveEachInstantOnce() {
            NewTask task = NewTask.of(QUEUE, "{\"task\":\"t\"}");

            assertThat(broker.coordination().fire("daily", noon, task)).isTrue();
            assertThat(other.coordination().fire("daily", noon, task)).isFalse();
            assertThat(other.coordination().fire("daily", noon.minusSeconds(1), task))
                    .isFalse();
            assertThat(other.coordination().fire("hourly", noon, task)).isTrue();
            assertThat(broker.coordination().fire("daily", noon.plusSeconds(60), task))
                    .isTrue();

            assertThat(broker.coordination().fired())
                    .containsEntry("daily", noon.plusSeconds(60))
                    .containsEntry("hourly", noon);
            assertThat(counts().ready()).isEqualTo(3);
            assertThat(counts().accepted()).isEqualTo(3);
        }

        @Test
        void areServedByOneOfManyWhoTryAtOnce() throws Exception {
            inParallel(8, n -> {
                for (int i = 0; i < 20; i++) {
                    (n % 2 == 0 ? broker : other)
                            .coordination()
                            .fire("busy", noon.plusSeconds(i), NewTask.of(QUEUE, "{\"task\":\"t\"}"));
                }
                return n;
            });
            assertThat(counts().ready()).isBetween(1L, 20L);
            assertThat(broker.coordination().fired()).containsEntry("busy", noon.plusSeconds(19));
        }

        @Test
        void areKnownSinceTheyWereFirstSeen() {
            NewTask task = NewTask.of(QUEUE, "{\"task\":\"t\"}");

            Instant seen = broker.coordination().seen("monthly", noon.plusMillis(700));

            assertThat(seen).isBetween(noon, noon.plusMillis(700));
            assertThat(other.coordination().seen("monthly", noon.plusSeconds(90)))
                    .isEqualTo(seen);
            assertThat(broker.coordination().fired()).isEmpty();
            assertThat(other.coordination().fire("monthly", noon, task))
                    .as("before it was there")
                    .isFalse();
            assertThat(other.coordination().fire("monthly", noon.plusSeconds(60), task))
                    .isTrue();
            assertThat(broker.coordination().fired()).containsOnly(Map.entry("monthly", noon.plusSeconds(60)));
            assertThat(broker.coordination().seen("monthly", noon.plusSeconds(90)))
                    .isBetween(seen, noon.plusSeconds(60));
        }

        @Test
        void countAsServedWhenTheTaskIsThereAlready() {
            List<String> _ = broker.enqueue(List.of(new NewTask("one", QUEUE, "{}", Duration.ZERO, "")));
            assertThat(broker.coordination().fire("daily", noon, new NewTask("one", QUEUE, "{}", Duration.ZERO, "")))
                    .isTrue();
            assertThat(counts().accepted()).isEqualTo(1);
        }
    }
}
