package dev.muster.supervise;

import static dev.muster.supervise.LogBytes.LF;
import static dev.muster.supervise.LogBytes.RS;
import static dev.muster.supervise.LogBytes.US;
import static java.nio.charset.StandardCharsets.US_ASCII;

/// Takes what a pipe brings apart into plain lines and records of loggers: `RS channel US text RS LF`, where the text
/// begins with instant and level and may have several lines.
///
/// **Threads:** one. **Failure:** a line or record that is too long is cut, and one that was never finished ends where
/// the next one begins.
final class LogLines {
    /// Where they go. The bytes are valid during the call.
    interface Sink {
        /// A line without its end, or a part of one.
        void plain(byte[] text, int at, int length);

        /// @param at where the text begins
        /// @param limit where it ends
        void record(LogBytes from, String channel, int at, int limit);
    }

    private final Sink sink;
    private final LogBytes got = new LogBytes();
    private int scanned;

    LogLines(Sink sink) {
        this.sink = sink;
    }

    void add(byte[] bytes, int count) {
        got.write(bytes, 0, count);
    }

    /// Hands on what is complete.
    ///
    /// @param last whether nothing more comes, so that what is unfinished is handed on too
    void takeApart(boolean last) {
        int from = 0;
        for (int next = 0; next >= 0 && next < got.size(); ) {
            from = next;
            next = piece(from, last);
            from = Math.max(from, next);
        }
        got.drop(from);
        scanned = Math.max(0, scanned - from);
    }

    /// Hands on one line or record if it is complete.
    ///
    /// @return where the next one begins, or -1 if it is not complete
    private int piece(int from, boolean last) {
        int text = textOfRecord(from);
        if (text > from) {
            return record(from, text, last);
        }
        if (got.at(from) == RS && got.at(from + 1) == LF) {
            return from + 2;
        }
        int end = find(got.at(from) == RS ? from + 1 : from, true);
        if (end - from > LogPump.LONGEST_LINE) {
            end = from + LogPump.LONGEST_LINE;
        } else if (end == got.size() && !last) {
            return -1;
        }
        sink.plain(got.array(), from, end - from);
        return got.at(end) == LF ? end + 1 : end;
    }

    /// A longer one is cut: what remains follows as plain lines.
    private int record(int from, int text, boolean last) {
        int end = Math.min(find(text, false), text + LogPump.LONGEST_RECORD);
        if (!last && end + 1 >= got.size()) {
            return -1;
        }
        String channel = new String(got.array(), from + 1, text - from - 2, US_ASCII);
        sink.record(got, channel, text, end);
        // An RS without LF is the beginning of the next record: this one was never finished.
        boolean ends = got.at(end) == RS && (got.at(end + 1) == LF || got.at(end + 1) < 0);
        return ends ? Math.min(end + 2, got.size()) : end;
    }

    /// Where the text of the record that begins here begins; `from` if it is a plain line, or if
    /// that is still open.
    private int textOfRecord(int from) {
        if (got.at(from) != RS) {
            return from;
        }
        int at = from + 1;
        while (at - from <= LogFiles.LONGEST_CHANNEL && LogFiles.legalInChannel(got.at(at))) {
            at++;
        }
        int first = got.at(at + 1);
        return got.at(at) == US && first >= '0' && first <= '9' ? at + 1 : from;
    }

    /// The next RS, or LF if lines are wanted; else the end of what was read.
    private int find(int from, boolean lines) {
        int at = Math.max(from, scanned);
        while (at < got.size() && got.at(at) != RS && !(lines && got.at(at) == LF)) {
            at++;
        }
        scanned = at;
        return at;
    }
}
