package dev.muster;

import org.slf4j.LoggerFactory;

/// Exceptions kept per channel: what is saved here also lies in a file of its own, `exceptions/CHANNEL.log` in the log
/// directory, so that the failures of one subject can be read without the rest. For everything else applications use
/// SLF4J, with key-value pairs for context: `log.atInfo().addKeyValue("count", n).log("synchronised")`.
///
/// **Threads:** safe for use by many threads.
public final class Log {
    /// Loggers with this prefix are routed to the file of their channel.
    public static final String CHANNEL_PREFIX = "muster.exceptions.";

    private Log() {}

    /// Logs the exception with its stack at level ERROR to the channel's own file and to the log of the process.
    ///
    /// @param failure the exception
    /// @param channel letters, digits, `_` and `-`, at most 64; names the file
    /// @throws IllegalArgumentException if the channel has other characters or is too long
    public static void saveException(Throwable failure, String channel) {
        if (!channel.matches("[A-Za-z0-9_-]{1,64}")) {
            throw new IllegalArgumentException("channel '" + channel
                    + "' names a file: it may have letters, digits, '_' and '-', at most 64 of them");
        }
        LoggerFactory.getLogger(CHANNEL_PREFIX + channel).error(failure.toString(), failure);
    }
}
