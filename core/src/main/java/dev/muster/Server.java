package dev.muster;

/// The application around a process, the same from every role.
///
/// **Threads:** all methods may be called from any thread. **Failure:** if the master is gone, so is this process
/// within moments; a call that was under way then throws `IllegalStateException`.
public interface Server extends Messenger, ImmediateTasks, Connections {
    /// The slot number of this process.
    int workerId();

    /// The process id of the master.
    long masterPid();

    /// What the master knows about every slot at this moment. Blocks for one round trip, 5 s at most.
    ServerStats stats();

    /// Orders the end of one slot's process; the slot stays empty until it is started by command. Blocks for one
    /// round trip, 5 s at most.
    ///
    /// @throws IllegalArgumentException if there is no such slot
    void stop(int slot);

    /// Orders that the code is loaded anew: processes with the class path and the configuration as they are now
    /// take the place of the present ones, see `muster reload`. Returns at once; the log of the application says
    /// how it ends. A request while a reload is under way is carried out after it.
    ///
    /// @param scope the word for a role (`web`, `task`, `pool`, `user`), the name of a declaration, or empty for
    ///     all
    void reload(String scope);

    /// Orders the end of the whole application, with the drain time and the limits of an ordinary stop. Returns at
    /// once.
    void shutdown();
}
