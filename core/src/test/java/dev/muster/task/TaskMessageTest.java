package dev.muster.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.task.Broker.NewTask;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class TaskMessageTest {
    private static TaskMessage read(String text) {
        Parsed parsed = TaskMessage.parse(text, 1 << 20);
        assertThat(parsed).as(text).isInstanceOf(TaskMessage.class);
        return (TaskMessage) parsed;
    }

    private static Refused refused(String text, long maxSize) {
        Parsed parsed = TaskMessage.parse(text, maxSize);
        assertThat(parsed).as(text).isInstanceOf(Refused.class);
        return (Refused) parsed;
    }

    @Nested
    class Reading {
        @Test
        void takesTheMessageOfAFendProducer() {
            TaskMessage message =
                    read("{\"class\":\"com.acme.Mail\",\"method\":\"send\",\"param\":[1,\"a\"],\"retry\":3}");

            assertThat(message.className()).isEqualTo("com.acme.Mail");
            assertThat(message.method()).isEqualTo("send");
            assertThat(message.param()).hasSize(2);
            assertThat(message.retry()).isEqualTo(3);
            assertThat(message.label()).isEqualTo("com.acme.Mail.send");
        }

        @Test
        void prefersTheNameOfATask() {
            TaskMessage message = read("{\"class\":\"a.B\",\"method\":\"c\",\"task\":\"report.daily\"}");

            assertThat(message.task()).isEqualTo("report.daily");
            assertThat(message.className()).isEmpty();
        }

        @ParameterizedTest
        @CsvSource({"3,3", "'\"3\"',3", "3.0,3", "3e0,3", "1,1", "0,1", "'\" 2 \"',2", "null,0"})
        void readsRetryAsPhpWritesIt(String written, int retry) {
            assertThat(read("{\"task\":\"t\",\"retry\":" + written + "}").retry())
                    .isEqualTo(retry);
        }

        @Test
        void mapsBackslashes() {
            assertThat(read("{\"class\":\"\\\\App\\\\Task\\\\Mail\",\"method\":\"send\"}")
                            .className())
                    .isEqualTo("App.Task.Mail");
        }

        @Test
        void readsTheTimeout() {
            assertThat(read("{\"task\":\"t\",\"timeout\":\"1500\"}").timeoutMillis())
                    .isEqualTo(1500);
            assertThat(read("{\"task\":\"t\"}").timeoutMillis()).isZero();
        }
    }

    @Nested
    class PuttingBack {
        @ParameterizedTest
        @CsvSource({"3,2", "'\"3\"','\"2\"'", "3.0,2", "2,1", "1,1"})
        void lowersRetryAndNothingElse(String before, String after) {
            String text = "{ \"x\":{\"retry\":9},\"class\":\"a\\/B\", \"retry\" : %s ,\"method\":\"c\",\"n\":1.10,"
                    + "\"big\":12345678901234567890.5, \"u\":\"\\u00e4\" }";

            assertThat(read(text.formatted(before)).again()).isEqualTo(text.formatted(after));
        }

        @Test
        void leavesAMessageWithoutRetryAsItIs() {
            String text = "{\"task\":\"t\",\"unknown\":[1,2]}";
            assertThat(read(text).again()).isEqualTo(text);
        }

        @Test
        void lowersTheOneThatCountsWhenItIsThereTwice() {
            assertThat(read("{\"task\":\"t\",\"retry\":9,\"retry\":3}").again())
                    .isEqualTo("{\"task\":\"t\",\"retry\":9,\"retry\":2}");
        }

        @Test
        void findsRetryInALongMessage() {
            String filler = "x".repeat(100_000);
            assertThat(read("{\"f\":\"" + filler + "\",\"retry\":5,\"task\":\"t\"}")
                            .again())
                    .isEqualTo("{\"f\":\"" + filler + "\",\"retry\":4,\"task\":\"t\"}");
        }
    }

    @Nested
    class Refusing {
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "no json",
                    "[]",
                    "3",
                    "null",
                    "{\"task\":\"t\"",
                    "{\"task\":\"t\"} x",
                    "{\"task\":\"t\"}{}",
                    "{}",
                    "{\"class\":\"a.B\"}",
                    "{\"method\":\"c\"}",
                    "{\"class\":\"\",\"method\":\"c\"}",
                    "{\"task\":7}",
                    "{\"class\":[\"a\"],\"method\":\"c\"}",
                    "{\"task\":\"t\",\"param\":3}",
                    "{\"task\":\"t\",\"retry\":\"often\"}",
                    "{\"task\":\"t\",\"retry\":1.5}",
                    "{\"task\":\"t\",\"retry\":-1}",
                    "{\"task\":\"t\",\"retry\":{}}",
                    "{\"task\":\"t\",\"retry\":99999999999}",
                    "{\"task\":\"t\",\"retry\":1e999999999}",
                    "{\"task\":\"t\",\"timeout\":99999999999}",
                    "{'task':'t'}",
                    "{\"task\":\"t\",\"param\":[NaN]}"
                })
        void whatIsMalformed(String text) {
            Refused refused = refused(text, 1 << 20);
            assertThat(refused.reason()).isEqualTo(DeadReason.MALFORMED);
            assertThat(refused.detail()).isNotBlank().doesNotContain("\n");
        }

        @Test
        void whatIsNestedTooDeeply() {
            String deep = "{\"task\":\"t\",\"param\":" + "[".repeat(65) + "]".repeat(65) + "}";
            String legal = "{\"task\":\"t\",\"param\":" + "[".repeat(60) + "]".repeat(60) + "}";

            assertThat(refused(deep, 1 << 20).reason()).isEqualTo(DeadReason.MALFORMED);
            assertThat(read(legal).param()).hasSize(1);
        }

        @Test
        void whatIsTooLargeInBytes() {
            String text = "{\"task\":\"" + "\u20ac".repeat(100) + "\"}";

            assertThat(refused(text, 300).reason()).isEqualTo(DeadReason.TOO_LARGE);
            assertThat(refused(text, 300).detail())
                    .as("says nothing of the message, which may hold a secret")
                    .isEqualTo("the message is larger than 300 bytes (tasks.maxSize)");
            assertThat(TaskMessage.parse(text, 311)).isInstanceOf(TaskMessage.class);
        }
    }

    @Nested
    class Lines {
        private static final long NOW = 1_700_000_000_000L;

        private NewTask line(String line) {
            return MessageHead.newTask(line, "default", NOW);
        }

        @Test
        void saysIdAndQueue() {
            NewTask task = line("{\"task\":\"t\",\"id\":\"a-1\",\"queue\":\"mail\"}");

            assertThat(task.id()).isEqualTo("a-1");
            assertThat(task.queue()).isEqualTo("mail");
            assertThat(task.bornDead()).isEmpty();
            assertThat(line("{\"task\":\"t\",\"id\":17}").id()).isEqualTo("17");
            assertThat(line("{\"task\":\"t\"}").queue()).isEqualTo("default");
        }

        @ParameterizedTest
        @CsvSource({
            "1700000060, 60000",
            "1700000060000, 60000",
            "'\"1700000060\"', 60000",
            "'\"2023-11-14T22:14:20Z\"', 60000",
            "'\"2023-11-14T23:14:20+01:00\"', 60000",
            "1600000000, 0",
            "null, 0"
        })
        void saysWhen(String at, long millis) {
            assertThat(line("{\"task\":\"t\",\"at\":" + at + "}").delay()).isEqualTo(Duration.ofMillis(millis));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"task\":",
                    "no json",
                    "{\"task\":\"t\",\"at\":\"soon\"}",
                    "{\"task\":\"t\",\"at\":1e14}",
                    "[]"
                })
        void isBornDeadWhenItCannotBeRead(String line) {
            NewTask task = line(line);

            assertThat(task.bornDead()).isNotBlank();
            assertThat(task.payload()).isEqualTo(line);
            assertThat(task.queue()).isEqualTo("default");
        }

        @Test
        void isBornDeadWithAQueueThatIsNotLegal() {
            assertThat(line("{\"task\":\"t\",\"queue\":\"" + "q".repeat(200) + "\"}")
                            .bornDead())
                    .contains("200");
        }
    }
}
