package dev.muster.examples.queue;

import dev.muster.Log;
import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.UserProcess;
import dev.muster.examples.queue.MessageQueue.Outcome;
import dev.muster.examples.shared.Configuration;
import dev.muster.examples.shared.OtherSystem;
import dev.muster.examples.shared.RedisPools;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Takes messages from a Redis list and handles them, one after the other.
///
/// As in the seed, with what its version lacks: a message stays in Redis until it is handled, so a kill loses none; one
/// that cannot be handled goes to a list of its own; a stop ends the wait at once; a Redis that is gone is said once
/// and waited for. For most work a `@Task` is better, which brings all of this with it; this is for a list whose
/// messages are not tasks.
///
/// A message on which nothing moves for a minute gets the process killed.
///
/// **Failure:** what a killed process had taken, another one is given when the lease has run out: at least once, so
/// what a message does must be harmless to do twice.
@UserProcess(interval = 100, runTimeout = 60_000)
public class QueueConsumerProcess {
    private static final Logger log = LoggerFactory.getLogger(QueueConsumerProcess.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration WAIT = Duration.ofSeconds(5);
    private static final Duration FOR_EVER = Duration.ofDays(1_000);

    /// After so many a run ends, so that the process can be paused.
    private static final int MESSAGES_OF_A_RUN = 100;

    private final Configuration configuration = Configuration.ofThisProcess();
    private final Duration lease = Duration.ofSeconds(configuration.number("queue.lease", 2, 3_600, 15));
    private final MessageQueue queue = new MessageQueue(
            RedisPools.named("default"), configuration.value("queue.name").orElse("message_queue"), lease);
    private final OtherSystem sent = OtherSystem.named("sent");
    private final Outage outage = new Outage("the Redis server 'default'");
    private final EndableWait wait = new EndableWait();
    private boolean accompanied;

    /// Handles what is there, or waits for one message for 5 s.
    public void run(Server server, ProcessContext process) throws InterruptedException {
        if (!accompanied) {
            accompany(process);
            accompanied = true;
        }
        try {
            for (int i = 0; i < MESSAGES_OF_A_RUN && !process.stopping(); i++) {
                process.heartbeat();
                Optional<String> message = wait.during(() -> queue.take(WAIT));
                outage.over();
                if (message.isEmpty()) {
                    break;
                }
                queue.settle(message.get(), processMessage(message.get()));
            }
        } catch (JedisException e) {
            if (!process.stopping()) {
                boolean _ = process.sleep(outage.pause(e));
            }
        }
        if (process.stopping()) {
            leave();
        }
    }

    /// Starts what goes on beside the runs: the lease is renewed, and a stop ends the wait for a message.
    private void accompany(ProcessContext process) {
        Thread _ = Thread.ofVirtual().name("queue-lease").start(() -> {
            while (slept(process, lease.dividedBy(3))) {
                try {
                    queue.renew();
                } catch (JedisException _) {
                    // The run meets the same, and says it.
                }
            }
        });
        Thread _ = Thread.ofVirtual().name("queue-stop").start(() -> {
            while (slept(process, FOR_EVER)) {
                // not yet
            }
            wait.end();
        });
    }

    private static boolean slept(ProcessContext process, Duration time) {
        try {
            return process.sleep(time);
        } catch (InterruptedException _) {
            return false;
        }
    }

    private void leave() {
        try {
            queue.leave();
        } catch (JedisException e) {
            log.info("the lease of this process could not be ended, it runs out by itself: {}", e.toString());
        }
    }

    private Outcome processMessage(String message) {
        try {
            JsonNode data = JSON.readTree(message);
            String type = data.path("type").asString("");
            switch (type) {
                case "email" -> sendEmail(data);
                case "sms" -> sendSms(data);
                case "push" -> sendPush(data);
                default -> {
                    log.atWarn().addKeyValue("message", message).log("unknown type of message");
                    return Outcome.FAILED;
                }
            }
            return Outcome.DONE;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            Log.saveException(e, "queue_consumer");
            return Outcome.FAILED;
        }
    }

    private void sendEmail(JsonNode data) throws IOException {
        sent.put("email-" + id(data) + ".json", data.toString());
    }

    private void sendSms(JsonNode data) throws IOException {
        sent.put("sms-" + id(data) + ".json", data.toString());
    }

    private void sendPush(JsonNode data) throws IOException {
        sent.put("push-" + id(data) + ".json", data.toString());
    }

    /// What a repeated message is known by: its own `id`, else its content.
    private static String id(JsonNode data) {
        String id = data.path("id").asString("");
        return id.matches("[A-Za-z0-9_-]{1,64}")
                ? id
                : UUID.nameUUIDFromBytes(data.toString().getBytes(StandardCharsets.UTF_8))
                        .toString();
    }
}
