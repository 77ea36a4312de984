package dev.muster.message;

import dev.muster.ConnectionInfo;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// How a call about connections and its answer travel: the payloads of [FrameKind#CALL] and [FrameKind#RESULT]. See
/// docs/protocol/messages.md.
final class DeskCall {
    /// No payload of a call is longer: the longest message, and a list of receivers before it.
    static final int LONGEST = Connection.LONGEST_PAYLOAD + (64 << 10);
    /// So many receivers fit into one call, however long the message is.
    static final int FEWEST_RECEIVERS = 4_096;

    // Codes of what is asked. They are never changed and never used again for something else.
    static final byte PUSH = 1;
    static final byte PUSH_MANY = 2;
    static final byte BROADCAST = 3;
    static final byte CLOSE = 4;
    static final byte ESTABLISHED = 5;
    static final byte INFO = 6;
    static final byte ALL = 7;
    static final byte BIND = 8;
    static final byte OF_USER = 9;

    private static final byte BINARY = 0;
    private static final byte TEXT = 1;

    private DeskCall() {}

    // ---- calls

    static byte[] push(long id, boolean text, byte[] data) {
        return start(PUSH, 1 + Long.BYTES + data.length)
                .put(format(text))
                .putLong(id)
                .put(data)
                .array();
    }

    /// @param ids at most as many as fit, see [#receivers]
    static byte[] push(List<Long> ids, boolean text, byte[] data) {
        ByteBuffer call = ByteBuffer.allocate(2 + Integer.BYTES + ids.size() * Long.BYTES + data.length);
        call.put(PUSH_MANY).put(format(text)).putInt(ids.size());
        ids.forEach(call::putLong);
        call.put(data);
        return call.array();
    }

    /// How many receivers one call may have.
    ///
    /// @param length of the message
    /// @param maxSize of the calls, where that leaves room for enough of them
    static int receivers(int length, int maxSize) {
        return Math.max(FEWEST_RECEIVERS, (maxSize - length) / Long.BYTES);
    }

    static byte[] broadcast(boolean text, byte[] data) {
        return start(BROADCAST, 1 + data.length).put(format(text)).put(data).array();
    }

    static byte[] close(long id, int code, byte[] reason) {
        return start(CLOSE, Long.BYTES + Short.BYTES + reason.length)
                .putLong(id)
                .putShort((short) code)
                .put(reason)
                .array();
    }

    static byte[] established(long id) {
        return start(ESTABLISHED, Long.BYTES).putLong(id).array();
    }

    static byte[] info(long id) {
        return start(INFO, Long.BYTES).putLong(id).array();
    }

    static byte[] all() {
        return start(ALL, 0).array();
    }

    static byte[] bind(long id, byte[] user) {
        return start(BIND, Long.BYTES + user.length).putLong(id).put(user).array();
    }

    static byte[] ofUser(byte[] user) {
        return start(OF_USER, user.length).put(user).array();
    }

    private static ByteBuffer start(byte what, int length) {
        return ByteBuffer.allocate(1 + length).put(what);
    }

    private static byte format(boolean text) {
        return text ? TEXT : BINARY;
    }

    // ---- what is in them

    static boolean text(ByteBuffer call) {
        byte format = call.get();
        if (format != TEXT && format != BINARY) {
            throw new IllegalArgumentException("format=%d, legal are 0 and 1".formatted(format));
        }
        return format == TEXT;
    }

    static byte[] rest(ByteBuffer call) {
        byte[] rest = new byte[call.remaining()];
        call.get(rest);
        return rest;
    }

    static String words(ByteBuffer call) {
        return new String(rest(call), StandardCharsets.UTF_8);
    }

    /// The receivers of a message for many.
    static long[] ids(ByteBuffer call) {
        int count = call.getInt();
        if (count < 0 || count > call.remaining() / Long.BYTES) {
            throw new IllegalArgumentException("count=%d, with %d bytes after it".formatted(count, call.remaining()));
        }
        long[] ids = new long[count];
        for (int i = 0; i < count; i++) {
            ids[i] = call.getLong();
        }
        return ids;
    }

    // ---- answers

    static byte[] answer(boolean yes) {
        return new byte[] {(byte) (yes ? 1 : 0)};
    }

    static byte[] answer(int count) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(count).array();
    }

    static byte[] answer(List<Long> ids) {
        ByteBuffer answer = ByteBuffer.allocate(ids.size() * Long.BYTES);
        ids.forEach(answer::putLong);
        return answer.array();
    }

    static byte[] answer(ConnectionInfo info) {
        byte[] address = info.remoteAddress().getBytes(StandardCharsets.UTF_8);
        byte[] path = info.path().getBytes(StandardCharsets.UTF_8);
        byte[] user = info.userId().getBytes(StandardCharsets.UTF_8);
        int instants = 2 * (Long.BYTES + Integer.BYTES);
        ByteBuffer answer = ByteBuffer.allocate(Long.BYTES
                + Integer.BYTES
                + instants
                + Long.BYTES
                + 3 * Integer.BYTES
                + address.length
                + path.length
                + user.length);
        answer.putLong(info.id()).putInt(info.slot());
        put(answer, info.openedAt());
        put(answer, info.lastReceivedAt());
        answer.putLong(info.queuedBytes());
        put(answer, address);
        put(answer, path);
        put(answer, user);
        return answer.array();
    }

    private static void put(ByteBuffer answer, Instant instant) {
        answer.putLong(instant.getEpochSecond()).putInt(instant.getNano());
    }

    private static void put(ByteBuffer answer, byte[] words) {
        answer.putInt(words.length).put(words);
    }

    // ---- what is in those

    static boolean yes(byte[] answer) throws FrameException {
        if (answer.length != 1 || answer[0] != 0 && answer[0] != 1) {
            throw new FrameException("an answer of %d bytes, must be one, 0 or 1".formatted(answer.length));
        }
        return answer[0] == 1;
    }

    static int count(byte[] answer) throws FrameException {
        if (answer.length != Integer.BYTES) {
            throw new FrameException("an answer of %d bytes, must be 4".formatted(answer.length));
        }
        return ByteBuffer.wrap(answer).getInt();
    }

    static List<Long> ids(byte[] answer) throws FrameException {
        if (answer.length % Long.BYTES != 0) {
            throw new FrameException("an answer of %d bytes, must be ids of 8".formatted(answer.length));
        }
        List<Long> ids = new ArrayList<>(answer.length / Long.BYTES);
        for (ByteBuffer in = ByteBuffer.wrap(answer); in.hasRemaining(); ) {
            ids.add(in.getLong());
        }
        return ids;
    }

    static ConnectionInfo known(byte[] answer) throws FrameException {
        ByteBuffer in = ByteBuffer.wrap(answer);
        try {
            long id = in.getLong();
            int slot = in.getInt();
            Instant opened = instant(in);
            Instant received = instant(in);
            long queued = in.getLong();
            return new ConnectionInfo(
                    id, slot, text(in, answer), text(in, answer), opened, received, text(in, answer), queued);
        } catch (BufferUnderflowException | DateTimeException e) {
            throw new FrameException("an answer of %d bytes that tells no connection (%s)".formatted(answer.length, e));
        }
    }

    private static Instant instant(ByteBuffer in) {
        return Instant.ofEpochSecond(in.getLong(), in.getInt());
    }

    private static String text(ByteBuffer in, byte[] answer) throws FrameException {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new FrameException("length=%d of %d bytes".formatted(length, in.remaining()));
        }
        String text = new String(answer, in.position(), length, StandardCharsets.UTF_8);
        in.position(in.position() + length);
        return text;
    }
}
