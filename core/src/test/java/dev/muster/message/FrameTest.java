package dev.muster.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Frames there and back, however the bytes are cut.
@Timeout(30)
class FrameTest {
    private static final List<FrameKind> KINDS = List.of(FrameKind.values());

    @Test
    void theBytesAreThoseOfTheDocument() {
        ByteBuffer bytes = ByteBuffer.allocate(Frame.HEADER);
        new Frame(FrameKind.MESSAGE, 7, 258, new byte[] {'h', 'i'}).writeHeader(bytes);
        assertThat(HexFormat.of().formatHex(bytes.array()))
                .isEqualTo("00000002" + "01" + "03" + "0000" + "f59dd9c2" + "00000007" + "0000000000000102");
    }

    @RepeatedTest(20)
    void whatIsWrittenInPiecesIsReadInOthers(RepetitionInfo repetition) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        FrameOutput output = new FrameOutput(new Choosy(wire, random), 10 << 20);
        List<Frame> sent = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            byte[] payload = new byte[random.nextInt(10) == 0 ? random.nextInt(100_000) : random.nextInt(100)];
            random.nextBytes(payload);
            FrameKind kind = KINDS.get(random.nextInt(KINDS.size()));
            Frame frame = new Frame(kind, random.nextInt(4_096), random.nextLong(), payload);
            sent.add(frame);
            assertThat(output.add(frame)).isTrue();
            if (random.nextBoolean()) {
                var _ = output.flush();
            }
        }
        while (!output.flush()) {
            // The socket takes a little each time.
        }
        Sink sink = new Sink(random);
        FrameInput input = new FrameInput(sink);
        ByteBuffer bytes = ByteBuffer.wrap(wire.toByteArray());
        while (bytes.hasRemaining()) {
            int piece = Math.min(bytes.remaining(), 1 + random.nextInt(30_000));
            input.read(bytes.slice(bytes.position(), piece));
            bytes.position(bytes.position() + piece);
        }
        assertThat(input.unfinished()).isNull();
        assertThat(sink.seen).hasSize(sent.size());
        for (int i = 0; i < sent.size(); i++) {
            Frame expected = sent.get(i);
            Frame seen = sink.seen.get(i);
            assertThat(seen.kind()).isEqualTo(expected.kind());
            assertThat(seen.source()).isEqualTo(expected.source());
            assertThat(seen.request()).isEqualTo(expected.request());
            if (sink.wanted.get(i)) {
                assertThat(seen.payload()).isEqualTo(expected.payload());
            }
        }
    }

    @Test
    void aFrameIsTakenBackOnlyWhileNothingOfItIsWritten() throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        FrameOutput output = new FrameOutput(new Stuck(wire, 10), 1_000_000);
        Frame first = new Frame(FrameKind.MESSAGE, 1, 1, new byte[100_000]);
        Frame second = new Frame(FrameKind.MESSAGE, 1, 2, new byte[10]);
        assertThat(output.add(first)).isTrue();
        assertThat(output.add(second)).isTrue();
        assertThat(output.flush()).isFalse();
        assertThat(output.withdraw(first)).isFalse();
        assertThat(output.waits(first)).isTrue();
        assertThat(output.withdraw(second)).isTrue();
        assertThat(output.withdraw(second)).isFalse();
        assertThat(output.waits(second)).isFalse();
    }

    @Test
    void aFrameOfWhichNothingIsWrittenWaitsThoughItIsStaged() throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        Frame first = new Frame(FrameKind.MESSAGE, 1, 1, new byte[10]);
        Frame second = new Frame(FrameKind.MESSAGE, 1, 2, new byte[10]);
        Frame third = new Frame(FrameKind.MESSAGE, 1, 3, new byte[10]);
        int taken = first.size() + 1;
        FrameOutput output = new FrameOutput(new Stuck(wire, taken), 1_000_000);
        assertThat(output.add(first)).isTrue();
        assertThat(output.add(second)).isTrue();
        assertThat(output.add(third)).isTrue();
        assertThat(output.flush()).isFalse();
        assertThat(output.waits(first)).as("written").isFalse();
        assertThat(output.waits(second)).as("begun").isTrue();
        assertThat(output.waits(third)).as("not begun").isTrue();
        // It stands between others that go out in one write.
        assertThat(output.withdraw(third)).isFalse();
    }

    @Test
    @SuppressWarnings("NullAway") // stands for whatever may be thrown in the middle, such as an overflow of the stack
    void afterAnErrorNothingIsWrittenAnyMore() throws IOException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        FrameOutput output = new FrameOutput(new Stuck(wire, 1_000_000), 1_000_000);
        Frame first = new Frame(FrameKind.MESSAGE, 1, 1, new byte[10]);
        Frame second = new Frame(FrameKind.MESSAGE, 1, 2, new byte[10]);
        assertThat(output.add(first)).isTrue();
        assertThat(output.flush()).isTrue();
        assertThat(wire.size()).isEqualTo(first.size());
        assertThat(output.add(second)).isTrue();
        assertThat(output.add(new Frame(null, 1, 3, new byte[10]))).isTrue();
        assertThatExceptionOfType(NullPointerException.class).isThrownBy(output::flush);

        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(output::flush)
                    .withMessageContaining("after an error in this process");
        }
        assertThat(wire.size()).isEqualTo(first.size());
        assertThat(output.waits(second)).isTrue();
    }

    @Test
    void anOutputIsBoundedButTakesOneFrameOfAnyLength() {
        FrameOutput output = new FrameOutput(new Stuck(new ByteArrayOutputStream(), 10), 1_000);
        assertThat(output.add(new Frame(FrameKind.MESSAGE, 1, 1, new byte[5_000])))
                .isTrue();
        assertThat(output.add(new Frame(FrameKind.MESSAGE, 1, 2, new byte[1]))).isFalse();
    }

    @Test
    void aHeaderThatNobodyOfOursWritesIsRefused() {
        refused(header -> header.putInt(0, -1), "length=-1");
        refused(header -> header.put(4, (byte) 2), "version=2");
        refused(header -> header.put(5, (byte) 0), "kind=0");
        refused(header -> header.put(5, (byte) 10), "kind=10");
        refused(header -> header.putShort(6, (short) 1), "zero=1");
        refused(header -> header.putInt(12, -5), "source=-5");
    }

    private static void refused(java.util.function.Consumer<ByteBuffer> change, String text) {
        ByteBuffer header = ByteBuffer.allocate(Frame.HEADER);
        new Frame(FrameKind.TASK, 1, 1, Frame.NOTHING).writeHeader(header);
        change.accept(header);
        assertThatExceptionOfType(FrameException.class)
                .isThrownBy(() -> Frame.Header.read(header.flip()))
                .withMessageContaining(text);
    }

    /// Wants some frames and not others.
    private static final class Sink implements FrameInput.Sink {
        private final Random random;
        private final List<Frame> seen = new ArrayList<>();
        private final List<Boolean> wanted = new ArrayList<>();

        Sink(Random random) {
            this.random = random;
        }

        @Override
        public boolean begins(Frame.Header header) {
            boolean wants = random.nextInt(4) > 0;
            wanted.add(wants);
            return wants;
        }

        @Override
        public void comes(Frame.Header header, byte[] payload) {
            seen.add(new Frame(header.kind(), header.source(), header.request(), payload));
        }

        @Override
        public void passed(Frame.Header header) {
            seen.add(new Frame(header.kind(), header.source(), header.request(), Frame.NOTHING));
        }
    }

    /// A socket that takes some of what it is given.
    private record Choosy(ByteArrayOutputStream wire, Random random) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) {
            byte[] piece = new byte[random.nextInt(bytes.remaining() + 1)];
            bytes.get(piece);
            wire.writeBytes(piece);
            return piece.length;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /// A socket that takes so many bytes and no more.
    private record Stuck(ByteArrayOutputStream wire, int room) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer bytes) {
            int count = Math.min(bytes.remaining(), room - wire.size());
            byte[] piece = new byte[count];
            bytes.get(piece);
            wire.writeBytes(piece);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
