package dev.muster.supervise;

import dev.muster.control.ControlServer.Connection;
import dev.muster.control.Message;

/// Somebody who has given a command and waits for its end.
///
/// **Threads:** belongs to the master's loop. **Failure:** who has hung up hears nothing, and nobody minds.
record Caller(Connection connection) {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NO_PERMISSION = 4;
    static final int TIMED_OUT = 6;
    static final int VERSION_MISMATCH = 7;

    /// Something to show meanwhile.
    void progress(String line) {
        connection.send(new Message.Progress(line));
    }

    /// The end of the command.
    ///
    /// @param exitCode of the command line, see docs/operate/exit-codes.md
    void reply(int exitCode, String body) {
        connection.send(new Message.Reply(exitCode, body));
        connection.close();
    }
}
