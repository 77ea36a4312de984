package dev.muster.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.BrokerException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// An error in the middle of a claim: what was taken out of the queue until then lies where it lay.
class BrokenClaimTest extends SharedServer {
    private static final String QUEUE = "q";
    private static final String OWN = "muster:{" + QUEUE + "}:";

    @Test
    void aRecordThatCannotBeReadLosesNothing() {
        List<String> ids = new ArrayList<>(broker.enqueue(List.of(task("{\"n\":1}"), task("{\"n\":2}"))));
        php.lpush(QUEUE, "{\"n\":3}", "{\"id\":\"order-7\",\"n\":4}", "{\"n\":5}");
        byte[] garbage = {(byte) 0xc1};
        long _ = php.hset((OWN + "tasks").getBytes(StandardCharsets.UTF_8), Map.of(bytes("order-7"), garbage));
        Map<String, Object> before = everything();

        assertThatThrownBy(() -> broker.claim(QUEUE, "w", 10)).isInstanceOf(BrokerException.class);
        assertThat(everything()).isEqualTo(before);

        long _ = php.hdel(OWN + "tasks", "order-7");
        ids.add("order-7");
        List<Claim> claims = broker.claim(QUEUE, "w", 10);
        assertThat(claims)
                .extracting(claim -> claim.payload().replaceAll(".*\"n\":|}", ""))
                .containsExactly("1", "2", "3", "4", "5");
        assertThat(claims).extracting(Claim::id).containsAll(ids);
    }

    /// The last change of a claim fails: tasks with priorities, and such as were put on the schedule, are back too.
    @Test
    void aChangeThatTheServerRefusesLosesNothing() {
        List<String> ids = broker.enqueue(List.of(
                new NewTask("", QUEUE, "{\"n\":4}", Duration.ZERO, "", -1, ""),
                new NewTask("", QUEUE, "{\"n\":1}", Duration.ZERO, "", 9, ""),
                new NewTask("", QUEUE, "{\"n\":2}", Duration.ZERO, "", 9, ""),
                task("{\"n\":3}")));
        long later = Instant.now().plusSeconds(3600).toEpochMilli();
        php.lpush(QUEUE, "{\"at\":" + later + "}", "{\"n\":3}");
        String _ = php.set(OWN + "running", "no sorted set");
        Map<String, Object> before = everything();

        assertThatThrownBy(() -> broker.claim(QUEUE, "w", 10))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("WRONGTYPE");
        assertThat(everything()).isEqualTo(before);

        long _ = php.del(OWN + "running");
        List<Claim> claims = broker.claim(QUEUE, "w", 10);
        assertThat(claims.subList(0, 3)).extracting(Claim::id).containsExactly(ids.get(1), ids.get(2), ids.get(3));
        assertThat(claims.getLast().id()).isEqualTo(ids.get(0));
        assertThat(claims).hasSize(5);
        assertThat(broker.counts().get(QUEUE).scheduled()).isEqualTo(1);
    }

    /// What is due becomes ready in the same script.
    @Test
    void whatWasDueIsNotLostEither() {
        List<String> ids = broker.enqueue(List.of(
                new NewTask("first", QUEUE, "{\"n\":1}", Duration.ofHours(1), ""),
                new NewTask("second", QUEUE, "{\"n\":2}", Duration.ofHours(1), "")));
        ids.forEach(id -> php.zadd(OWN + "scheduled", 1, id));
        byte[] garbage = {(byte) 0xc1};
        byte[] tasks = bytes(OWN + "tasks");
        byte[] record = php.hget(tasks, bytes("second"));
        long _ = php.hset(tasks, Map.of(bytes("second"), garbage));
        Map<String, Object> before = everything();

        assertThatThrownBy(() -> broker.claim(QUEUE, "w", 10)).isInstanceOf(BrokerException.class);
        assertThat(everything()).isEqualTo(before);

        long _ = php.hset(tasks, Map.of(bytes("second"), record));
        assertThat(broker.claim(QUEUE, "w", 10)).extracting(Claim::id).containsExactlyElementsOf(ids);
    }

    private static NewTask task(String message) {
        return NewTask.of(QUEUE, message);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// All keys with what they hold.
    private Map<String, Object> everything() {
        Map<String, Object> all = new TreeMap<>();
        for (String key : php.keys("*")) {
            all.put(
                    key,
                    switch (php.type(key)) {
                        case "list" -> php.lrange(key, 0, -1);
                        case "zset" -> php.zrangeWithScores(key, 0, -1);
                        case "hash" -> php.hgetAll(key);
                        case "set" -> php.smembers(key);
                        default -> php.get(key);
                    });
        }
        return all;
    }
}
