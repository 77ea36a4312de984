package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.control.ControlServer.Connection;
import dev.muster.control.ExitCode;
import dev.muster.control.FrameCodec;
import dev.muster.control.Message;

/// Somebody who has given a command and waits for its end.
///
/// **Threads:** belongs to the master's loop. **Failure:** who has hung up hears nothing, and nobody minds.
record Caller(Connection connection) {
    /// How many bytes of text an answer may have: there is room for what was shown before, too.
    static final int LONGEST = FrameCodec.MAX_FRAME - (16 << 10);

    /// Something to show meanwhile.
    void progress(String line) {
        connection.send(new Message.Progress(line));
    }

    /// The end of the command. An answer that no message holds is a failure, and says so: who waits is not to wait
    /// for ever.
    void reply(ExitCode code, String body) {
        int length = body.getBytes(UTF_8).length;
        connection.send(
                length <= LONGEST
                        ? new Message.Reply(code, body)
                        : new Message.Reply(
                                ExitCode.FAILED,
                                "the answer has " + length + " bytes, more than the " + LONGEST
                                        + " that one message holds; ask for less, such as one slot"));
        connection.close();
    }
}
