package dev.muster.message;

import dev.muster.web.ConnectionDesk;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// Does at a desk what a call from another process asks for.
///
/// **Threads:** that of the loop; nothing here waits.
final class DeskClerk {
    private final ConnectionDesk desk;

    DeskClerk(ConnectionDesk desk) {
        this.desk = desk;
    }

    /// Answers a call. One that cannot be understood or carried out is answered too: its connection also carries
    /// the calls of others.
    ///
    /// @param slot of this process
    Frame answer(int slot, long request, byte[] call) {
        try {
            return new Frame(FrameKind.RESULT, slot, request, perform(ByteBuffer.wrap(call)));
        } catch (BufferUnderflowException _) {
            return failed(slot, request, "a call of " + call.length + " bytes ends too early");
        } catch (RuntimeException e) {
            return failed(slot, request, String.valueOf(e));
        }
    }

    private static Frame failed(int slot, long request, String why) {
        return new Frame(FrameKind.FAILED, slot, request, Refusal.bytes(why));
    }

    private byte[] perform(ByteBuffer call) {
        byte what = call.get();
        return switch (what) {
            case DeskCall.PUSH -> {
                boolean text = DeskCall.text(call);
                yield DeskCall.answer(desk.push(call.getLong(), text, DeskCall.rest(call)));
            }
            case DeskCall.PUSH_MANY -> {
                boolean text = DeskCall.text(call);
                long[] ids = DeskCall.ids(call);
                yield DeskCall.answer(pushed(ids, text, DeskCall.rest(call)));
            }
            case DeskCall.BROADCAST -> {
                boolean text = DeskCall.text(call);
                yield DeskCall.answer(desk.broadcast(text, DeskCall.rest(call)));
            }
            case DeskCall.CLOSE -> {
                long id = call.getLong();
                int code = Short.toUnsignedInt(call.getShort());
                yield DeskCall.answer(desk.close(id, code, DeskCall.words(call)));
            }
            case DeskCall.ESTABLISHED -> DeskCall.answer(desk.established(call.getLong()));
            case DeskCall.INFO ->
                desk.info(call.getLong()).map(DeskCall::answer).orElse(Frame.NOTHING);
            case DeskCall.ALL -> DeskCall.answer(desk.all());
            case DeskCall.BIND -> {
                long id = call.getLong();
                yield DeskCall.answer(desk.bind(id, DeskCall.words(call)));
            }
            case DeskCall.OF_USER -> DeskCall.answer(desk.of(DeskCall.words(call)));
            default ->
                throw new IllegalArgumentException(
                        "call=%d, legal are %d to %d".formatted(what, DeskCall.PUSH, DeskCall.OF_USER));
        };
    }

    private int pushed(long[] ids, boolean text, byte[] data) {
        int count = 0;
        for (long id : ids) {
            count += desk.push(id, text, data) ? 1 : 0;
        }
        return count;
    }
}
