package dev.muster.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.TaskDesk.Cancellation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.RedisClient;

/// Many tasks whose messages are the same text, and messages of very different sizes: which task is which, and in what
/// order they come.
class SameTextTest extends SharedServer {
    private static final String QUEUE = "q";
    private static final String TEXT = "{\"task\":\"refresh\"}";

    @Test
    void theyComeInTheOrderInWhichTheyWereAccepted() {
        List<String> ids = enqueue(5_000);

        assertThat(ids(claimAll())).isEqualTo(ids);
    }

    @Test
    void whatIsGivenBackComesFirstAgain() {
        List<String> ids = enqueue(20);
        List<Claim> first = broker.claim(QUEUE, "w", 10);
        broker.giveBack(first.subList(3, 10));

        assertThat(ids(claimAll())).isEqualTo(ids.subList(3, 20));
    }

    @Test
    void oneFromTheMiddleIsCancelledAndTheOthersAreNot() {
        List<String> ids = new ArrayList<>(enqueue(5));
        assertThat(broker.cancel(ids.get(2))).isEqualTo(Cancellation.CANCELLED);
        assertThat(broker.delete(ids.get(4))).isTrue();
        List<String> more = enqueue(2);

        ids.remove(4);
        ids.remove(2);
        ids.addAll(more);
        assertThat(ids(claimAll())).isEqualTo(ids);
        assertThat(broker.counts().get(QUEUE).ready()).isZero();
    }

    @Test
    void nothingOfThemIsLeftWhenAllAreDone() {
        List<String> _ = enqueue(300);
        List<Claim> claims = claimAll();
        assertThat(broker.settle(claims.stream().<Outcome>map(Outcome.Done::new).toList()))
                .isEmpty();

        try (RedisClient client = RedisClient.create(server.url())) {
            assertThat(client.keys("muster:{q}:*")).containsExactly("muster:{q}:counts");
        }
        assertThat(broker.counts().get(QUEUE).done()).isEqualTo(300);
    }

    @Test
    void aLargeMessageIsClaimedByItselfInItsTurn() {
        String large = "{\"task\":\"t\",\"param\":[\"" + "x".repeat(20_000) + "\"]}";
        List<String> texts = List.of(
                "{\"task\":\"1\"}",
                "{\"task\":\"2\"}",
                "{\"task\":\"3\"}",
                large,
                "{\"task\":\"4\"}",
                large,
                "{\"task\":\"5\"}",
                "{\"task\":\"6\"}");
        List<String> _ = broker.enqueue(
                texts.stream().map(text -> NewTask.of(QUEUE, text)).toList());

        List<Integer> sizes = new ArrayList<>();
        List<String> claimed = new ArrayList<>();
        for (List<Claim> some = claim(); !some.isEmpty(); some = claim()) {
            sizes.add(some.size());
            some.forEach(claim -> claimed.add(claim.payload()));
        }
        assertThat(claimed).isEqualTo(texts);
        assertThat(sizes).containsExactly(3, 1, 1, 1, 2);
    }

    private List<String> enqueue(int count) {
        return broker.enqueue(Collections.nCopies(count, NewTask.of(QUEUE, TEXT)));
    }

    private List<Claim> claim() {
        return broker.claim(QUEUE, "w", 100);
    }

    private List<Claim> claimAll() {
        List<Claim> all = new ArrayList<>();
        for (List<Claim> some = claim(); !some.isEmpty(); some = claim()) {
            all.addAll(some);
        }
        return all;
    }

    private static List<String> ids(List<Claim> claims) {
        return claims.stream().map(Claim::id).toList();
    }
}
