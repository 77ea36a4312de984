package dev.muster.supervise;

import java.time.Duration;

/// Whose state is to be written down, and how.
///
/// @param name of the process, as in its log lines
/// @param pid a child that was not collected yet
/// @param why what is wrong with it, for people
/// @param halted it was seen stopped (SIGSTOP, debugger): it cannot answer and is not asked
/// @param spoken it has said hello; before that a SIGQUIT would kill it
/// @param budget how long its answers are waited for
/// @param dumps where it is kept
/// @param asker reaches the process over its control connection
record EvidenceRequest(
        int slot,
        int life,
        String name,
        long pid,
        String why,
        boolean halted,
        boolean spoken,
        Duration budget,
        Dumps dumps,
        LogPump pump,
        DumpAsker asker) {}
