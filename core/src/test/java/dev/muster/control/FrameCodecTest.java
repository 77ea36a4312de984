package dev.muster.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.muster.ExitReason;
import dev.muster.Role;
import dev.muster.control.Message.DeadWorker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FrameCodecTest {
    private static final long SEED = 20261123;
    private static final Pattern ROW = Pattern.compile("^\\| (\\d+) \\| ([A-Z_]+) \\|", Pattern.MULTILINE);

    private final Random random = new Random(SEED);
    private final RandomMessages messages = new RandomMessages(random);

    @Test
    void everyMessageComesBack() throws ProtocolException {
        Set<Class<?>> seen = new HashSet<>();
        for (int round = 0; round < 200; round++) {
            for (MessageType type : MessageType.values()) {
                Message message = messages.of(type);
                ByteBuffer frame = FrameCodec.encode(message);
                assertThat(FrameCodec.decode(frame)).as("seed %d", SEED).isEqualTo(message);
                seen.add(message.getClass());
            }
        }
        assertThat(seen).isEqualTo(records(Message.class).collect(Collectors.toSet()));
    }

    private static Stream<Class<?>> records(Class<?> type) {
        return type.isInterface()
                ? Arrays.stream(type.getPermittedSubclasses()).flatMap(FrameCodecTest::records)
                : Stream.of(type);
    }

    @Test
    void aDeadWorkerComesBack() throws ProtocolException {
        for (int round = 0; round < 200; round++) {
            DeadWorker dead = messages.dead();
            byte[] bytes = FrameCodec.encodeDead(dead);
            assertThat(FrameCodec.decodeDead(bytes)).isEqualTo(dead);
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> FrameCodec.decodeDead(Arrays.copyOf(bytes, bytes.length + 1)));
        }
    }

    @Test
    void bytesAreThoseOfTheDocument() {
        ByteBuffer frame = FrameCodec.encode(new Message.Reply(7, "no"));
        byte[] payload = {0, 0, 0, 7, 0, 0, 0, 2, 'n', 'o'};
        CRC32C crc = new CRC32C();
        crc.update(payload);
        ByteBuffer expected = ByteBuffer.allocate(22)
                .putInt(10)
                .put((byte) 1)
                .put((byte) 66)
                .putShort((short) 0)
                .putInt((int) crc.getValue())
                .put(payload);
        assertThat(frame).isEqualTo(expected.flip());
    }

    @Test
    void codesAreThoseOfTheDocument() throws IOException {
        Map<String, Integer> code = new TreeMap<>();
        for (MessageType type : MessageType.values()) {
            code.put(type.name(), type.code());
        }
        Map<String, Integer> rows = new TreeMap<>();
        ROW.matcher(document()).results().forEach(row -> rows.put(row.group(2), Integer.parseInt(row.group(1))));
        assertThat(rows).isEqualTo(code);
    }

    @Test
    void mutatedFramesAreRefusedOrAreMessages() {
        int refused = 0;
        int rounds = 40_000;
        for (int round = 0; round < rounds; round++) {
            byte[] frame = mutated(bytes(FrameCodec.encode(messages.any())), round % 2 == 0);
            try {
                assertThat(FrameCodec.decode(ByteBuffer.wrap(frame))).isNotNull();
            } catch (ProtocolException e) {
                assertThat(e.getMessage()).isNotBlank().matches("[ -~]+");
                refused++;
            }
        }
        assertThat(refused).as("seed %d", SEED).isBetween(rounds / 2, rounds);
    }

    @Test
    void tooLongAMessageIsNotMade() {
        String fits = "x".repeat(FrameCodec.MAX_FRAME - FrameCodec.HEADER - 4);
        assertThat(FrameCodec.encode(new Message.Progress(fits)).remaining()).isEqualTo(FrameCodec.MAX_FRAME);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FrameCodec.encode(new Message.Progress(fits + "x")))
                .withMessageContaining("1048577")
                .withMessageContaining("1048576");
    }

    @Nested
    class Refused {
        @Test
        void anEmptyOrShortFrame() {
            refused(new byte[0], "at least 12");
            refused(new byte[11], "at least 12");
        }

        @Test
        void aLengthBeyondTheLimit() {
            refused(
                    changed(buffer -> buffer.putInt(0, Integer.MAX_VALUE)),
                    "payload of 2147483647 bytes, at most 1048564");
            refused(changed(buffer -> buffer.putInt(0, -1)), "payload of 4294967295 bytes");
            refused(changed(buffer -> buffer.putInt(0, FrameCodec.MAX_FRAME - FrameCodec.HEADER + 1)), "at most");
        }

        @Test
        void anotherLengthThanThatOfTheFrame() {
            refused(changed(buffer -> buffer.putInt(0, buffer.getInt(0) + 1)), "its header says");
            refused(changed(buffer -> buffer.putInt(0, buffer.getInt(0) - 1)), "its header says");
        }

        @Test
        void anotherVersionTypeOrReservedField() {
            refused(changed(buffer -> buffer.put(4, (byte) 2)), "protocol version 2, expected 1");
            refused(changed(buffer -> buffer.put(5, (byte) 200)), "unknown message type 200");
            refused(changed(buffer -> buffer.putShort(6, (short) 1)), "reserved bytes 0001");
        }

        @Test
        void aChangedPayload() {
            refused(changed(buffer -> buffer.put(20, (byte) 'X')), "checksum");
        }

        @Test
        void bytesAfterTheMessage() {
            refused(frame(MessageType.READY, 0), "1 bytes follow");
        }

        @Test
        void aPayloadThatEndsTooEarly() {
            refused(frame(MessageType.STOP_SLOT, 0, 0, 0), "3 are left");
            refused(frame(MessageType.PROGRESS, 0, 0, 0, 3, 'a', 'b'), "text of 3 elements");
        }

        @Test
        void negativeAndImpossibleCounts() {
            refused(frame(MessageType.PROGRESS, 255, 255, 255, 255), "text of -1 elements");
            refused(frame(MessageType.COMMAND, 0, 0, 0, 1, 0, 0, 0, 0, 127, 255, 255, 255), "map of 2147483647");
            refused(frame(MessageType.COMMAND, 0, 0, 0, 1, 0, 0, 0, 0, 255, 255, 255, 255), "map of -1");
        }

        @Test
        void aKeyThatStandsTwice() {
            int[] twice = {0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 'k', 0, 0, 0, 0, 0, 0, 0, 1, 'k', 0, 0, 0, 0
            };
            refused(frame(MessageType.COMMAND, twice), "a key stands twice");
        }

        @Test
        void aBadConstantTruthValueOrText() {
            refused(frame(MessageType.BYE, 0, 0, 0, 3, 'B', 'A', 'D', 0, 0, 0, 0, 0), "'BAD' is no ExitReason");
            refused(frame(MessageType.DUMPED, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0), "truth value 2");
            refused(frame(MessageType.PROGRESS, 0, 0, 0, 1, 255), "not UTF-8");
        }

        private void refused(byte[] frame, String why) {
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> FrameCodec.decode(ByteBuffer.wrap(frame)))
                    .withMessageContaining(why);
        }

        private byte[] changed(Consumer<ByteBuffer> change) {
            ByteBuffer frame = FrameCodec.encode(new Message.Bye(ExitReason.CLEAN, "detail", false));
            change.accept(frame);
            return bytes(frame);
        }
    }

    @Nested
    class Pieces {
        @Test
        void ofAnySizeGiveTheSameMessages() throws ProtocolException {
            for (int round = 0; round < 100; round++) {
                List<Message> sent = new ArrayList<>();
                ByteBuffer stream = ByteBuffer.allocate(1 << 16);
                while (sent.size() < 8) {
                    Message message = messages.any();
                    if (MessageType.of(message).direction() == MessageType.Direction.TO_MASTER) {
                        sent.add(message);
                        stream.put(FrameCodec.encode(message));
                    }
                }
                stream.flip();
                List<Message> got = new ArrayList<>();
                FrameReader reader = new FrameReader(MessageType.Direction.TO_MASTER);
                while (stream.hasRemaining()) {
                    int size = Math.min(stream.remaining(), round == 0 ? 1 : 1 + random.nextInt(200));
                    ByteBuffer piece = stream.slice(stream.position(), size);
                    stream.position(stream.position() + size);
                    Message message = reader.read(piece);
                    while (message != null) {
                        got.add(message);
                        message = reader.read(piece);
                    }
                    assertThat(piece.hasRemaining()).isFalse();
                }
                assertThat(got).as("seed %d", SEED).isEqualTo(sent);
                assertThat(reader.inside()).isFalse();
                assertThat(reader.held()).isZero();
            }
        }

        @Test
        void takeMemoryAsTheyArriveAndNotAsAnnounced() throws ProtocolException {
            ByteBuffer frame = FrameCodec.encode(new Message.Progress("x".repeat(1_000_000)));
            FrameReader reader = new FrameReader(MessageType.Direction.FROM_MASTER);
            assertThat(reader.read(frame.slice(0, FrameCodec.HEADER))).isNull();
            assertThat(reader.inside()).isTrue();
            assertThat(reader.held()).isZero();
            assertThat(reader.read(frame.slice(FrameCodec.HEADER, 1))).isNull();
            assertThat(reader.held()).isLessThanOrEqualTo(4096);
            assertThat(reader.read(frame.slice(FrameCodec.HEADER + 1, 100_000))).isNull();
            assertThat(reader.held()).isLessThanOrEqualTo(200_002);
        }

        @Test
        void ofAFrameThatIsTooLongAreRefusedAtItsHeader() {
            ByteBuffer header = ByteBuffer.allocate(FrameCodec.HEADER)
                    .putInt(0, Integer.MAX_VALUE)
                    .put(4, (byte) 1)
                    .put(5, (byte) 1);
            FrameReader reader = new FrameReader(MessageType.Direction.TO_MASTER);
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> reader.read(header))
                    .withMessageContaining("2147483647");
            assertThat(reader.held()).isZero();
        }

        @Test
        void fromTheWrongSideAreRefused() {
            ByteBuffer stop = FrameCodec.encode(new Message.Stop());
            assertThatExceptionOfType(ProtocolException.class)
                    .isThrownBy(() -> new FrameReader(MessageType.Direction.TO_MASTER).read(stop))
                    .withMessageContaining("STOP from the wrong side");
        }
    }

    @Test
    void mapsKeepTheirOrder() throws ProtocolException {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("z", "1");
        settings.put("a", "2");
        var welcome = new Message.Welcome(
                0, 0, 1, false, Role.USER, "T", Map.of(), settings, List.of(), List.of(), List.of());
        var back = (Message.Welcome) FrameCodec.decode(FrameCodec.encode(welcome));
        assertThat(back.settings().keySet()).containsExactly("z", "a");
    }

    /// A frame with a right checksum around any payload.
    private static byte[] frame(MessageType type, int... payload) {
        ByteBuffer frame = ByteBuffer.allocate(FrameCodec.HEADER + payload.length);
        for (int i = 0; i < payload.length; i++) {
            frame.put(FrameCodec.HEADER + i, (byte) payload[i]);
        }
        frame.putInt(0, payload.length).put(4, (byte) FrameCodec.VERSION).put(5, (byte) type.code());
        return sealed(frame.array());
    }

    private static byte[] sealed(byte[] frame) {
        CRC32C crc = new CRC32C();
        crc.update(frame, FrameCodec.HEADER, frame.length - FrameCodec.HEADER);
        ByteBuffer.wrap(frame).putInt(0, frame.length - FrameCodec.HEADER).putInt(8, (int) crc.getValue());
        return frame;
    }

    /// Every other mutation gets a right checksum and length again, so that the payload's own checks are reached.
    private byte[] mutated(byte[] frame, boolean seal) {
        byte[] changed = Arrays.copyOf(
                frame,
                random.nextInt(4) == 0 ? Math.max(FrameCodec.HEADER, random.nextInt(frame.length + 8)) : frame.length);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(changed.length);
            changed[at] =
                    random.nextBoolean() ? (byte) random.nextInt() : (byte) (changed[at] ^ 1 << random.nextInt(8));
        }
        return seal ? sealed(changed) : changed;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    private static String document() throws IOException {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("docs/protocol/control.md"))) {
            directory = directory.getParent();
        }
        assertThat(directory)
                .as("a directory above %s with docs/protocol", Path.of("").toAbsolutePath())
                .isNotNull();
        return Files.readString(directory.resolve("docs/protocol/control.md"), StandardCharsets.UTF_8);
    }
}
