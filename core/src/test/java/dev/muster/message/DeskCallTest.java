package dev.muster.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.muster.ConnectionInfo;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The bytes of calls and answers are those of the document, and whatever else comes is answered.
@Timeout(30)
class DeskCallTest {
    private static final long ID = 0x0000_0008_8000_0005L;
    private static final byte[] HI = "hi".getBytes(UTF_8);

    private final MemoryDesk desk = new MemoryDesk(17, 3);
    private final DeskClerk clerk = new DeskClerk(desk);

    @Test
    void theBytesAreThoseOfTheDocument() {
        assertThat(hex(DeskCall.push(ID, true, HI))).isEqualTo("01" + "01" + "0000000880000005" + "6869");
        assertThat(hex(DeskCall.push(List.of(ID, ID + 1), false, HI)))
                .isEqualTo("02" + "00" + "00000002" + "0000000880000005" + "0000000880000006" + "6869");
        assertThat(hex(DeskCall.broadcast(true, HI))).isEqualTo("03" + "01" + "6869");
        assertThat(hex(DeskCall.close(ID, 4000, HI))).isEqualTo("04" + "0000000880000005" + "0fa0" + "6869");
        assertThat(hex(DeskCall.established(ID))).isEqualTo("05" + "0000000880000005");
        assertThat(hex(DeskCall.info(ID))).isEqualTo("06" + "0000000880000005");
        assertThat(hex(DeskCall.all())).isEqualTo("07");
        assertThat(hex(DeskCall.bind(ID, HI))).isEqualTo("08" + "0000000880000005" + "6869");
        assertThat(hex(DeskCall.ofUser(HI))).isEqualTo("09" + "6869");
        assertThat(hex(DeskCall.answer(true))).isEqualTo("01");
        assertThat(hex(DeskCall.answer(false))).isEqualTo("00");
        assertThat(hex(DeskCall.answer(258))).isEqualTo("00000102");
        assertThat(hex(DeskCall.answer(List.of(ID)))).isEqualTo("0000000880000005");
        ConnectionInfo info = new ConnectionInfo(
                ID, 3, "a:1", "/p", Instant.ofEpochSecond(1, 2), Instant.ofEpochSecond(3, 4), "u7", 5);
        assertThat(hex(DeskCall.answer(info)))
                .isEqualTo("0000000880000005" + "00000003" + "0000000000000001" + "00000002" + "0000000000000003"
                        + "00000004" + "0000000000000005" + "00000003" + "613a31" + "00000002" + "2f70" + "00000002"
                        + "7537");
    }

    @Test
    void aConnectionIsToldWholeAndNothingElseIsTakenForOne() throws FrameException {
        ConnectionInfo info = new ConnectionInfo(
                Long.MAX_VALUE, 3, "[::1]:1", "/höhe?a=b", MemoryDesk.OPENED, Instant.EPOCH, "", Long.MAX_VALUE);
        byte[] answer = DeskCall.answer(info);
        assertThat(DeskCall.known(answer)).isEqualTo(info);
        for (int length = 0; length < answer.length; length++) {
            byte[] cut = Arrays.copyOf(answer, length);
            assertThatExceptionOfType(FrameException.class).isThrownBy(() -> DeskCall.known(cut));
        }
        assertThatExceptionOfType(FrameException.class).isThrownBy(() -> DeskCall.yes(HI));
        assertThatExceptionOfType(FrameException.class).isThrownBy(() -> DeskCall.count(HI));
        assertThatExceptionOfType(FrameException.class).isThrownBy(() -> DeskCall.ids(HI));
    }

    @Test
    void aCallThatNobodyKnowsIsAnswered() {
        failed(new byte[0], "ends too early");
        failed(new byte[] {77}, "call=77, legal are 1 to 9");
        failed(new byte[] {DeskCall.PUSH, 2}, "format=2");
        failed(new byte[] {DeskCall.PUSH, 1, 0}, "a call of 3 bytes ends too early");
        failed(new byte[] {DeskCall.PUSH_MANY, 1, 0x7f, -1, -1, -1}, "count=2147483647, with 0 bytes after it");
        failed(new byte[] {DeskCall.PUSH_MANY, 1, -1, -1, -1, -1}, "count=-1");
    }

    @RepeatedTest(20)
    void rubbishHarmsNothing(RepetitionInfo repetition) {
        long id = desk.open("/");
        Random random = new Random(repetition.getCurrentRepetition());
        for (int i = 0; i < 1_000; i++) {
            byte[] rubbish = new byte[random.nextInt(40)];
            random.nextBytes(rubbish);
            if (rubbish.length > 0) {
                rubbish[0] = (byte) random.nextInt(12);
            }
            Frame answer = clerk.answer(3, i, rubbish);
            assertThat(answer.kind()).isIn(FrameKind.RESULT, FrameKind.FAILED);
            assertThat(answer.request()).isEqualTo(i);
        }
        assertThat(desk.established(id)).isTrue();
    }

    @Test
    void longMessagesLeaveRoomForReceivers() {
        assertThat(DeskCall.receivers(0, 8 << 20)).isEqualTo(1 << 20);
        assertThat(DeskCall.receivers(8 << 20, 8 << 20)).isEqualTo(DeskCall.FEWEST_RECEIVERS);
        int longest = DeskCall.push(
                        Collections.nCopies(DeskCall.FEWEST_RECEIVERS, ID), true, new byte[Connection.LONGEST_PAYLOAD])
                .length;
        assertThat(longest).isLessThanOrEqualTo(DeskCall.LONGEST);
    }

    private void failed(byte[] call, String text) {
        Frame answer = clerk.answer(3, 258, call);
        assertThat(answer.kind()).isEqualTo(FrameKind.FAILED);
        assertThat(answer.source()).isEqualTo(3);
        assertThat(answer.request()).isEqualTo(258);
        assertThat(UTF_8.decode(ByteBuffer.wrap(answer.payload())).toString()).contains(text);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
