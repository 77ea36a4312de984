package dev.muster.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.broker.postgres.Wire.Cut;
import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.BrokerException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The connection breaks in the moment of a commit: the server has made it, or has not heard of it.
@Timeout(120)
class DoubtTest {
    private static final String QUEUE = "doubt";

    @TempDir
    static Path directory;

    private static TestServer server;
    private static int schemas;

    private Wire wire;
    private Broker broker;
    private Broker other;

    @BeforeAll
    static void startServer() throws Exception {
        server = TestServer.start(directory);
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void open() throws Exception {
        String schema = "?currentSchema=doubt" + ++schemas;
        wire = new Wire(server.port());
        other = PostgresBroker.open(server.url() + schema, "other", 1 << 20);
        broker = PostgresBroker.open(wire.url() + schema, "test", 1 << 20);
    }

    @AfterEach
    void close() throws Exception {
        assertThat(wire.wasCut()).isTrue();
        broker.close();
        other.close();
        wire.close();
    }

    private static final NewTask TASK = NewTask.of(QUEUE, "{\"task\":\"t\"}");

    private QueueCounts counts() {
        return other.counts().get(QUEUE);
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE", "AFTER"})
    void aTaskIsAcceptedOnce(Cut cut) {
        wire.cut(cut, false);

        List<String> ids = broker.enqueue(List.of(TASK, TASK));

        assertThat(other.claim(QUEUE, "w", 10)).extracting(Claim::id).containsExactlyElementsOf(ids);
        assertThat(counts().accepted()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE", "AFTER"})
    void aClaimIsKnownToItsOwner(Cut cut) {
        List<String> ids = other.enqueue(List.of(TASK, TASK));
        wire.cut(cut, false);

        List<Claim> claims = broker.claim(QUEUE, "w", 10);

        assertThat(claims).extracting(Claim::id).containsExactlyElementsOf(ids);
        assertThat(broker.settle(claims.stream().<Outcome>map(Outcome.Done::new).toList()))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE", "AFTER"})
    void anOutcomeIsStoredOnceAndNotRefused(Cut cut) {
        List<String> ids = other.enqueue(List.of(TASK, TASK));
        List<Claim> claims = broker.claim(QUEUE, "w", 10);
        wire.cut(cut, false);

        List<Outcome> stale = broker.settle(List.of(
                new Outcome.Done(claims.get(0)),
                new Outcome.Retry(claims.get(1), claims.get(1).payload(), Duration.ZERO, "no")));

        assertThat(stale).isEmpty();
        assertThat(counts()).isEqualTo(new QueueCounts(2, 1, 0, 0, 1, 0, 0, 1));
        assertThat(other.find(ids.get(1)).orElseThrow().history()).hasSize(1);
    }

    @Test
    void aClaimThatArrivesWhenItWasGivenUpIsRefused() throws Exception {
        List<String> ids = other.enqueue(List.of(TASK, TASK));
        wire.cut(Cut.LATE, false);
        assertThat(broker.claim(QUEUE, "w", 2))
                .as("the transaction that was given up still holds them")
                .isEmpty();

        wire.deliver();

        assertThat(other.claim(QUEUE, "v", 10)).extracting(Claim::id).containsExactlyElementsOf(ids);
    }

    @Test
    void aClaimThatArrivesWhileItIsGivenBackIsKnownOrRefused() throws Exception {
        List<String> ids = other.enqueue(List.of(TASK, TASK));
        wire.cut(Cut.LATE, true);
        assertThatThrownBy(() -> broker.claim(QUEUE, "w", 2)).isInstanceOf(BrokerException.class);
        wire.up();
        CompletableFuture<List<Claim>> claims = CompletableFuture.supplyAsync(() -> broker.claim(QUEUE, "w", 10));

        wire.deliver();

        assertThat(claims.get()).extracting(Claim::id).containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void whoCannotAskIsToldThatNobodyKnows() {
        wire.cut(Cut.AFTER, true);

        assertThatThrownBy(() -> broker.enqueue(List.of(TASK)))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("cannot enqueue 1 tasks")
                .hasMessageContaining("in the moment of the commit: whether it was made is unknown");

        assertThat(counts().accepted()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"BEFORE", "AFTER"})
    void claimsThatNobodyKnowsOfAreGivenBackByTheirOwner(Cut cut) {
        List<String> ids = other.enqueue(List.of(TASK, TASK, TASK));
        wire.cut(cut, true);
        assertThatThrownBy(() -> broker.claim(QUEUE, "w", 2)).isInstanceOf(BrokerException.class);
        assertThat(counts().running()).isEqualTo(cut == Cut.AFTER ? 2 : 0);
        List<Claim> others = other.claim(QUEUE, "v", 1);

        wire.up();
        List<Claim> claims = broker.claim(QUEUE, "w", 10);

        assertThat(claims).extracting(Claim::id).hasSize(2).isSubsetOf(ids);
        assertThat(other.settle(others.stream().<Outcome>map(Outcome.Done::new).toList()))
                .as("what another one has is not taken away")
                .isEmpty();
        assertThat(counts().running()).isEqualTo(2);
    }
}
