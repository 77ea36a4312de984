package dev.muster;

/// The application around a process, the same from every role.
///
/// **Threads:** all methods may be called from any thread. **Failure:** if the master is gone, so is this process
/// within moments; a call that was under way then throws `IllegalStateException`.
public interface Server {
    /// The slot number of this process.
    int workerId();

    /// The process id of the master.
    long masterPid();

    /// What the master knows about every slot at this moment. Blocks for one round trip, 5 s at most.
    ServerStats stats();

    /// Orders the end of one slot's process; the slot stays empty until it is started by command. Returns at once.
    ///
    /// @throws IllegalArgumentException if there is no such slot
    void stop(int slot);

    /// Orders the end of the whole application, with the drain time and the limits of an ordinary stop. Returns at
    /// once.
    void shutdown();
}
