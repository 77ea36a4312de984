package dev.muster;

/// Messages and pipes between the processes of the application. Data goes from process to process; the master has no
/// part in it.
///
/// **Threads:** all methods may be called from any thread.
public interface Messenger {
    /// Sends a message to the process in a slot: a web worker, task worker or pool worker is told it
    /// by [ServerListener#onPipeMessage], a user process with a pipe reads it with [ProcessContext#read()]. Returns
    /// when the message is in the memory of the receiver. Waits up to `messages.sendTimeout` (1 s) for a receiver
    /// that is not there yet, is being replaced, or has no room.
    ///
    /// Messages of one thread arrive in the order in which they were sent. One that has arrived and is not read yet
    /// is lost if its receiver dies.
    ///
    /// @param message 0 bytes to `messages.maxSize` (8 MiB)
    /// @param slot any slot, this process's own included
    /// @throws MessageException if it was not accepted in time; its reason says why
    /// @throws IllegalArgumentException if there is no such slot
    void sendMessage(byte[] message, int slot);

    /// The same with text as UTF-8.
    ///
    /// @throws IllegalArgumentException if it contains half of a surrogate pair, too
    void sendMessage(String message, int slot);

    /// Opens the outer end of a user process's pipe. A pipe has one outer end at a time.
    ///
    /// @throws MessageException if the process is not there, has no pipe, or another process holds it
    Pipe pipe(int slot);
}
