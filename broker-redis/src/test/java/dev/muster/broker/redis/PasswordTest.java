package dev.muster.broker.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.BrokerException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;

/// The password of the server is used and never shown.
@Timeout(60)
class PasswordTest {
    private static final String SECRET = "s3cr3t";

    @Test
    void opensTheServerForEveryCall() throws Exception {
        try (TestServer server = TestServer.guarded(SECRET);
                Broker broker = RedisBroker.open(server.url(), 1 << 20);
                Jedis redis = new Jedis(server.url())) {
            broker.await("q", Duration.ofMillis(1));
            broker.enqueue(List.of(NewTask.of("q", "{}")));
            assertThat(broker.claim("q", "w", 1)).hasSize(1);
            String _ = redis.aclSetUser("reader", "on", ">" + SECRET, "~*", "+@read", "+client|setname", "+info");
            String asReader = server.url().replace("redis://:", "redis://reader:");
            try (Broker reading = RedisBroker.open(asReader, 1 << 20)) {
                assertHidden(catchThrowable(() -> reading.await("q", Duration.ofSeconds(1))));
                assertHidden(catchThrowable(() -> reading.enqueue(List.of(NewTask.of("q", "{}")))));
            }
            String wrong = server.url().replace(SECRET, SECRET + "wrong");
            assertHidden(catchThrowable(() -> RedisBroker.open(wrong, 1 << 20)));
            server.stop();
            assertHidden(catchThrowable(() -> broker.await("q", Duration.ofSeconds(1))));
            assertHidden(catchThrowable(broker::counts));
        }
    }

    /// Whatever part of the address it ends up in.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://me:s3cr3t@",
                "redis://me:1/s3cr3t@127.0.0.1",
                "redis://me:1#s3cr3t@127.0.0.1",
                "redis://me:1?s3cr3t@127.0.0.1",
                "redis://me:s3cr3t@x@127.0.0.1",
                "redis://s3cr3t@127.0.0.1",
                "redis://me:s3cr3t^@127.0.0.1",
                "redis://me:s3cr3t@127.0.0.1/zero",
                "redis:s3cr3t",
                "me:s3cr3t@127.0.0.1"
            })
    void anAddressThatIsNoneIsNotShown(String url) {
        assertThatThrownBy(() -> RedisBroker.open(url, 1 << 20))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("tasks.redis.url is no address of a Redis server")
                .satisfies(PasswordTest::assertHidden);
    }

    private static void assertHidden(Throwable error) {
        assertThat(error).isInstanceOf(BrokerException.class);
        StringWriter trace = new StringWriter();
        error.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString()).doesNotContain(SECRET);
    }
}
