package dev.muster.probe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One connection to the console: one request, one answer, the end. What follows the request is read and thrown away,
/// because closing a socket with unread bytes would take the answer back.
///
/// **Threads:** belongs to the server's. **Lifetime:** until [#deadline()] at the latest.
final class ProbeConnection {
    private static final int LONGEST_HEAD = 4 * 1024;

    private final SocketChannel channel;
    private final long deadline;
    private final ByteBuffer head = ByteBuffer.allocate(LONGEST_HEAD);
    private @Nullable ByteBuffer answer;

    ProbeConnection(SocketChannel channel, long deadline) {
        this.channel = channel;
        this.deadline = deadline;
    }

    long deadline() {
        return deadline;
    }

    /// Goes on as far as the socket allows.
    ///
    /// @return what to wait for next, 0 if it is over
    int proceed(Function<String, ProbeAnswer> answers) throws IOException {
        ByteBuffer out = answer;
        if (out == null) {
            int read = channel.read(head);
            ProbeAnswer found = head.hasRemaining() ? null : ProbeAnswer.text(431, "a request has at most 4 KiB");
            String text = new String(head.array(), 0, head.position(), StandardCharsets.ISO_8859_1);
            int end = Math.max(text.indexOf("\r\n\r\n"), text.indexOf("\n\n"));
            if (end < 0 && found == null) {
                return read < 0 ? 0 : SelectionKey.OP_READ;
            }
            boolean onlyHead = text.startsWith("HEAD ");
            out = (end < 0 && found != null ? found : answer(text, answers)).bytes(onlyHead);
            answer = out;
        }
        if (out.hasRemaining()) {
            int _ = channel.write(out);
            if (out.hasRemaining()) {
                return SelectionKey.OP_WRITE;
            }
            channel.shutdownOutput();
        }
        return discard();
    }

    private static ProbeAnswer answer(String text, Function<String, ProbeAnswer> answers) {
        String line = text.lines().findFirst().orElse("");
        String[] words = line.split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.") || !words[1].startsWith("/")) {
            return ProbeAnswer.text(400, "expected: GET /path HTTP/1.1");
        }
        if (!words[0].equals("GET") && !words[0].equals("HEAD")) {
            return ProbeAnswer.text(405, "only GET and HEAD");
        }
        return answers.apply(words[1]);
    }

    private int discard() throws IOException {
        head.clear();
        // One buffer a turn: a client that sends without end gets no more of the thread than others, until its
        // deadline.
        return channel.read(head) < 0 ? 0 : SelectionKey.OP_READ;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // It is gone either way.
        }
    }
}
