package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.slf4j.LoggerFactory;

/// What is said where so many messages are unconfirmed that no more are received.
@Timeout(60)
@ResourceLock("shared memory of this JVM")
class UnconfirmedMessagesTest {
    private static final Channel<byte[]> CHANNEL = Channel.bytes("unconfirmed", 200, 8);

    @Test
    void atTheLimitTheLogSaysOnceWhyNothingIsReceived() throws Exception {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger("dev.muster.memory");
        logger.addAppender(log);
        try (Application _ = Application.start()) {
            for (int i = 0; i < 129; i++) {
                CHANNEL.put(new byte[8]);
            }
            for (int i = 0; i < 128; i++) {
                assertThat(CHANNEL.receive(Duration.ofSeconds(30))).isPresent();
            }
            assertThat(log.list).isEmpty();
            for (int i = 0; i < 3; i++) {
                assertThat(CHANNEL.receive(Duration.ZERO)).isEmpty();
            }
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage, STRING)
                .startsWith("messages wait in the channel unconfirmed, and nobody receives them: 128 are unconfirmed");
    }
}
