package dev.muster;

import java.time.Duration;
import java.util.Optional;

/// A user process as its own code sees it.
///
/// **Threads:** all methods may be called from any thread of the process. **Lifetime:** as long as the process.
public interface ProcessContext {
    /// The slot number of this process: stable over restarts, unique in the application.
    int id();

    /// The name, with `#N` when several instances of the process are kept, for example `Ticker#1`.
    String name();

    /// The process id.
    long pid();

    /// Writes to the pipe of this process: to the process that holds its outer end ([Messenger#pipe(int)]), waiting
    /// while that does not read. If nobody holds it, the data goes as one message, with this process's slot as its
    /// source, to [ServerListener#onPipeMessage] of one worker: that in the lowest slot of the web workers, else
    /// of the task workers, else of the pool workers.
    ///
    /// @param data at least one byte
    /// @throws IllegalStateException if the process declares no pipe, or the thread is interrupted and must wait:
    ///     nothing was written then
    /// @throws IllegalArgumentException if it is empty, or longer than `messages.maxSize` in a DATAGRAM pipe
    /// @throws PipeClosedException if the holder goes away in the middle of it, or the thread is interrupted there
    /// @throws MessageException if nobody holds the pipe and no worker takes the message, which has at most
    ///     `messages.maxSize` bytes
    void write(byte[] data);

    /// The same with text as UTF-8.
    ///
    /// @throws IllegalArgumentException if it contains half of a surrogate pair, too
    void write(String text);

    /// Waits for what others have sent to this process: messages of [Messenger#sendMessage], each whole, and what
    /// comes over the pipe, one whole message of a DATAGRAM pipe or up to 64 KiB of a STREAM. Waits on when the
    /// holder of the pipe goes away: the next one may come. A stop ends the wait, and so does a holder that writes
    /// no more ([Pipe#closeWrite()]), once and after all that it has written: the next call waits again.
    ///
    /// What has arrived and is not read when this process ends is lost; the number is logged.
    ///
    /// @throws IllegalStateException if the process declares no pipe, or the thread is interrupted and nothing is
    ///     there
    /// @throws PipeClosedException if a stop was asked for and nothing is there: a run that lets it through ends in
    ///     order; or if the holder of the pipe writes no more: to such a run that is a failure
    byte[] read();

    /// The same, but not longer than this, and not longer than until a stop is asked for.
    ///
    /// @return empty if nothing came in time
    /// @throws PipeClosedException if the holder of the pipe writes no more
    Optional<byte[]> read(Duration wait);

    /// Tells the holder of the pipe that this process writes no more to it: it sees the end after it has read
    /// everything. Reading goes on, and the next holder is written to again.
    void closeWrite();

    /// Runs the action when the signal arrives, in place of an earlier action for it. `TERM` also still asks the
    /// process to stop: the action is told first, and [#stopping()] is true from then on.
    ///
    /// @param signal a name without `SIG`: TERM, INT, HUP, USR1, ALRM, CONT, URG, WINCH, TTIN, TTOU or PWR
    /// @param action called on a thread of its own; what it throws is logged
    /// @throws IllegalArgumentException for a signal that the virtual machine or the kernel keeps for itself, such
    ///     as KILL, STOP, QUIT, SEGV and USR2
    void onSignal(String signal, Runnable action);

    /// Whether the process was asked to end. Once it is true it stays true; a run that returns afterwards is the
    /// last one.
    boolean stopping();

    /// Sleeps, but not longer than until a stop is asked for.
    ///
    /// @return true if the whole time has passed, false if a stop ended it early
    /// @throws InterruptedException if the thread was interrupted
    boolean sleep(Duration duration) throws InterruptedException;

    /// What fences the writes of a process of the scope [Scope#CLUSTER]: a number that grows each time the work
    /// goes to another node. A store that refuses a smaller number than the last one it has seen cannot be written
    /// to by a process that was frozen while its work went elsewhere.
    ///
    /// @return 0 for the scope [Scope#NODE]
    long leaseToken();

    /// Says that the current run makes progress: its [UserProcess#runTimeout()] counts anew from now.
    void heartbeat();

    /// Sets the title that `ps` shows. Longer text than the room of the original command line is cut at the end.
    void title(String title);

    /// Binds all threads of this process to processors.
    ///
    /// @param cpus processor numbers from 0; at least one
    /// @throws IllegalArgumentException if none is given, or the machine does not have one of them
    void affinity(int... cpus);

    /// Sets the scheduling priority (nice value) of all threads of this process.
    ///
    /// @param nice -20 (first) to 19 (last); below the current value needs privilege
    /// @throws IllegalArgumentException if out of range
    void priority(int nice);

    /// Ends the process now with this exit code; does not return. The [RestartPolicy] decides what follows.
    ///
    /// @param code 0 to 255
    void exit(int code);
}
