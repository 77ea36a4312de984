package dev.muster.task;

import dev.muster.task.Broker.NewTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the nodes of an application agree on through the store that they share: who holds a lease, and which instants
/// of a schedule are served. The clock is that of the store, or of the machine if the store is a file.
///
/// **Threads:** safe for use by many threads and processes. **Failure:** as [Broker]. A holder that dies keeps its
/// lease until it runs out; one that comes again under the same name has it at once.
public interface Coordination {
    /// Takes a lease, or prolongs it.
    ///
    /// @param name 1 to 200 characters; what is leased
    /// @param holder 1 to 200 characters; the same when it is prolonged
    /// @param note for people and other nodes, at most 4,096 characters; replaces the earlier one
    /// @param term until it runs out from now on, 1 ms to 1 day
    /// @return empty if another holder has it
    Optional<Lease> lease(String name, String holder, String note, Duration term);

    /// Ends a lease before its time. Nothing happens if it is not as it was when the caller took or prolonged it
    /// last: somebody else has it by now, perhaps under the name of the same holder.
    void release(Lease lease);

    /// All leases that have not run out and whose names begin so, by name.
    List<Lease> leases(String prefix);

    /// Serves one instant of a schedule: accepts the task and remembers the instant, in one step.
    ///
    /// @param schedule 1 to 200 characters, the same on all nodes
    /// @param instant a whole second, as all instants of schedules are
    /// @return false if this instant or a later one was served before, by whatever node; nothing has changed then
    boolean fire(String schedule, Instant instant, NewTask task);

    /// The latest instant that was served, of each schedule that ever served one.
    Map<String, Instant> fired();

    /// From when on the instants of a schedule count that has served none: since whoever saw it first said so. Who
    /// asks may be the first. [#fired()] does not name it for that.
    ///
    /// @param schedule as in [#fire]
    /// @param now kept to the second if it is the first
    /// @return no instant before it is to be served; if one has been served meanwhile, perhaps that one
    Instant seen(String schedule, Instant now);

    /// A lease that has not run out.
    ///
    /// @param token grows each time another holder gets it, or the same one after it had run out: who fences what
    ///     it writes by this number cannot be overwritten by an earlier holder
    /// @param until when it runs out, by the clock of the store
    record Lease(String name, String holder, String note, long token, Instant until) {}

    /// Checks what [#lease] is given.
    ///
    /// @throws IllegalArgumentException if one of them is not legal
    static void requireLegal(String name, String holder, String note, Duration term) {
        requireLength("the name of a lease", name, 200);
        requireLength("the holder of a lease", holder, 200);
        if (note.length() > 4096) {
            throw new IllegalArgumentException(
                    "the note of a lease has at most 4096 characters, this one has " + note.length());
        }
        if (term.toMillis() < 1 || term.toDays() > 1) {
            throw new IllegalArgumentException("a lease runs for 1 ms to 1 day, not for " + term);
        }
    }

    /// Checks the name of a schedule.
    ///
    /// @throws IllegalArgumentException if it is not legal
    static void requireLegal(String schedule) {
        requireLength("the name of a schedule", schedule, 200);
    }

    private static void requireLength(String what, String text, int max) {
        if (text.isEmpty() || text.length() > max) {
            throw new IllegalArgumentException(
                    what + " has 1 to " + max + " characters, this one has " + text.length());
        }
    }
}
