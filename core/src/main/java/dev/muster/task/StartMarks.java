package dev.muster.task;

/// Where a worker shows which tasks it has started: marks that outlive the process, so that after its death only those
/// tasks pay that were really running.
///
/// **Threads:** called by any thread that runs tasks; never with more than [#MARKS] marks in use.
/// **Failure:** a mark that stands as started when the process dies makes its task pay; one that stands as finished
/// does not, though the task's outcome was lost.
public interface StartMarks {
    /// How many marks can stand at once.
    int MARKS = 16;

    /// Whether anything may be started: not in a process whose end is decided. Asked before a task is started, so
    /// that what may not start is given back and does not wait for that end; [#started] would.
    default boolean mayStart() {
        return true;
    }

    /// The task begins: its parameters are bound, and then its method is called.
    ///
    /// @param label what runs, for people
    /// @param limitMillis after which the process is killed, 0 for none
    /// @return the number of the mark
    int started(String id, String label, long limitMillis);

    /// From now on it has so long, and no longer, whatever was said before; 0 for no limit.
    default void limit(int mark, long limitMillis) {}

    /// The method has ended; its deadline is over. Its outcome is not stored yet.
    void finished(int mark, boolean failed);

    /// The outcome is stored; the mark may be used again.
    void settled(int mark);
}
