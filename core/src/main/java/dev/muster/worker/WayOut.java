package dev.muster.worker;

import dev.muster.ExitReason;

/// How the code of a worker ends it: with the whole process ([Departure]) or, where the application is one JVM, with
/// the threads of its slot ([InlineDeparture]).
///
/// **Threads:** safe for use by many threads.
interface WayOut {
    /// Adds a step that is carried out on the way; the last added comes first.
    void closing(Runnable step);

    /// Ends the worker. Does not return: the process ends, or an error is thrown that nobody may catch.
    ///
    /// @param reason for the master's book
    /// @param detail one line, empty if there is nothing to add
    /// @param stay whether the slot is to stay empty
    /// @param code of the process
    void leave(ExitReason reason, String detail, boolean stay, int code);
}
