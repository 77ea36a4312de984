package dev.muster.worker;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import dev.muster.Log;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/// Writes each log event as one record to the pipe that the master reads.
///
/// **Threads:** any; a record is never mixed with another record. **Lifetime:** that of the logging library.
/// **Failure:** with the master gone nobody reads; records are dropped then, in the moment before this process ends
/// too.
final class RecordAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
    private final OutputStream pipe;
    private final ReentrantLock writing = new ReentrantLock();

    /// To standard output, past `System.out`, which user code may replace.
    RecordAppender() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    RecordAppender(OutputStream pipe) {
        this.pipe = pipe;
    }

    @Override
    protected void append(ILoggingEvent event) {
        byte[] record = encode(event);
        writing.lock();
        try {
            pipe.write(record);
        } catch (IOException _) {
            // The other end is closed: there is nobody to tell.
        } finally {
            writing.unlock();
        }
    }

    static byte[] encode(ILoggingEvent event) {
        String logger = event.getLoggerName();
        String channel = logger.startsWith(Log.CHANNEL_PREFIX) ? logger.substring(Log.CHANNEL_PREFIX.length()) : "";
        StringBuilder record = new StringBuilder(256);
        RecordFrame.begin(record, RecordFrame.isChannel(channel) ? channel : "");
        RecordFrame.instant(record, event.getTimeStamp());
        record.append(' ').append(event.getLevel()).append(' ').append(logger).append(" - ");
        record.append(event.getFormattedMessage());
        pairs(record, event);
        stack(record, event);
        return RecordFrame.end(record);
    }

    private static void pairs(StringBuilder record, ILoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            for (KeyValuePair pair : pairs) {
                RecordFrame.pair(record, pair.key, text(pair.value));
            }
        }
        Map<String, String> context = event.getMDCPropertyMap();
        if (context != null && !context.isEmpty()) {
            context.forEach((key, value) -> RecordFrame.pair(record, key, String.valueOf(value)));
        }
    }

    /// Values are objects of user code: asking one for its text may fail.
    private static String text(@Nullable Object value) {
        try {
            return String.valueOf(value);
        } catch (RuntimeException | StackOverflowError e) {
            return "(no text: " + e.getClass().getName() + ")";
        }
    }

    private static void stack(StringBuilder record, ILoggingEvent event) {
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown == null) {
            return;
        }
        record.append('\n').append(ThrowableProxyUtil.asString(thrown));
        int end = record.length();
        while (end > 0 && Character.isWhitespace(record.charAt(end - 1))) {
            end--;
        }
        record.setLength(end);
    }
}
