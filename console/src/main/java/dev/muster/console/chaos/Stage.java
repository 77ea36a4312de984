package dev.muster.console.chaos;

import dev.muster.task.Broker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// An application that may be broken, as an operator has it: a directory, a master, commands.
///
/// **Threads:** [#answer], [#rows] and [#deaths] any, the rest one owner. **Failure:** a command to a master that is
/// gone is an [Answer] with its code, a list is empty then.
public interface Stage {
    /// What a command has brought.
    ///
    /// @param code as the command line would end
    record Answer(int code, String text) {
        /// Whether it was done.
        public boolean done() {
            return code == 0;
        }
    }

    /// The directory that holds everything, and in which all processes run.
    Path home();

    /// The run directory.
    Path runDir();

    /// The control socket.
    Path socket();

    /// The configuration file, which may be changed.
    Path config();

    /// The application's jar, which may be changed.
    Path jar();

    /// The queue of the application.
    Broker broker();

    /// A variable of the environment that every process of this application has, and no other, as `NAME=VALUE`.
    String mark();

    /// The process id of the master that was started last.
    long master();

    /// Starts a master on the directories and waits until every process is ready.
    void start();

    /// Starts another master on the same directories, which must not come up.
    ///
    /// @return the code that it ended with
    int startAnother();

    /// Orders the stop with TERM and waits for the end of the master.
    ///
    /// @param limit after which it is killed
    /// @return its exit code, or 128 and the signal that ended it
    int stop(Duration limit);

    /// Sends a command and waits for what comes of it.
    Answer answer(String verb, Map<String, String> options);

    /// The slots.
    List<Row> rows();

    /// The deaths so far.
    List<Fatality> deaths();
}
