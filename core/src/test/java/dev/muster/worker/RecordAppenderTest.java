package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import dev.muster.Log;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;

@Timeout(20)
class RecordAppenderTest {
    private static final String INSTANT = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    private final ByteArrayOutputStream pipe = new ByteArrayOutputStream();
    private final LoggerContext context = new LoggerContext();
    private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();

    @BeforeEach
    void configure() {
        context.setMDCAdapter(mdc);
        WorkerLogging.configure(context, new RecordAppender(pipe));
    }

    @AfterEach
    void stop() {
        assertThat(context.getStatusManager().getCopyOfStatusList()).isEmpty();
        context.stop();
    }

    @Test
    void anEventIsOneFramedLineWithItsPairs() {
        Logger logger = context.getLogger("com.acme.Sync");
        logger.atInfo()
                .addKeyValue("count", 12)
                .addKeyValue("table", "my users")
                .addKeyValue("quote", "a\"b\\c\nd")
                .addKeyValue("none", (Object) null)
                .addKeyValue("empty", "")
                .log("synchronised {}", "ü");
        assertThat(written())
                .matches("\u001e\u001f" + INSTANT
                        + " INFO com\\.acme\\.Sync - synchronised ü count=12 table=\"my users\" "
                        + "quote=\"a\\\\\"b\\\\\\\\c\\\\nd\" none=null empty=\"\"\u001e\n");
    }

    @Test
    void theContextOfTheThreadIsShownToo() {
        mdc.put("request", "r 1");
        context.getLogger("a").warn("slow");
        assertThat(written()).endsWith(" WARN a - slow request=\"r 1\"\u001e\n");
    }

    @Test
    void aValueThatCannotBeShownDoesNotCostTheEvent() {
        Object hostile = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("no");
            }
        };
        context.getLogger("a").atInfo().addKeyValue("x", hostile).log("kept");
        assertThat(written()).contains(" INFO a - kept x=\"(no text: java.lang.IllegalStateException)\"");
    }

    @Test
    void belowInfoNothingIsWritten() {
        context.getLogger("com.acme.Sync").debug("quiet");
        assertThat(written()).isEmpty();
    }

    @Test
    void anExceptionStandsBelowWithItsStackAndCauses() {
        context.getLogger("com.acme.Sync")
                .error("run failed", new IllegalStateException("outer", new RuntimeException("inner")));
        assertThat(written())
                .startsWith("\u001e\u001f")
                .containsPattern(
                        INSTANT + " ERROR com\\.acme\\.Sync - run failed\njava\\.lang\\.IllegalStateException: outer")
                .contains("\n\tat " + RecordAppenderTest.class.getName())
                .contains("Caused by: java.lang.RuntimeException: inner")
                .endsWith("\u001e\n");
    }

    @Test
    void aSavedExceptionNamesItsChannel() {
        context.getLogger(Log.CHANNEL_PREFIX + "sync_users").error("x");
        assertThat(written()).startsWith("\u001esync_users\u001f");
    }

    @Test
    void aNameThatIsNoFileIsNoChannel() {
        context.getLogger(Log.CHANNEL_PREFIX + "../etc").error("x");
        assertThat(written()).startsWith("\u001e\u001f").contains(Log.CHANNEL_PREFIX + "../etc - x");
    }

    @Test
    void aFrameInsideOfAMessageCannotForgeARecord() {
        context.getLogger("a").info("one\u001e\n\u001eother\u001ftwo");
        assertThat(written()).contains("one\u241e\n\u241eother\u241ftwo").endsWith("two\u001e\n");
        assertThat(written().chars().filter(c -> c == 0x1e).count()).isEqualTo(2);
    }

    @Test
    void instantsHaveMillisecondsAlways() {
        StringBuilder text = new StringBuilder();
        RecordFrame.instant(text, 1_795_435_200_000L);
        text.append(' ');
        RecordFrame.instant(text, 1_795_435_200_007L);
        text.append(' ');
        RecordFrame.instant(text, -1L);
        assertThat(text).hasToString("2026-11-23T12:00:00.000Z 2026-11-23T12:00:00.007Z 1969-12-31T23:59:59.999Z");
    }

    private String written() {
        return pipe.toString(StandardCharsets.UTF_8);
    }
}
