package dev.muster.supervise;

import dev.muster.RestartPolicy;
import dev.muster.Role;

/// What is to run in a slot, as far as the decisions need to know it.
///
/// @param slot its number; the position in the list of all slots
/// @param role its role
/// @param name its name, with `#N` when there are several instances
/// @param group the name of its declaration; the slots of a group are interchangeable
/// @param spare whether its process only waits to take over another slot of its group
/// @param traits how it is treated
public record ChildSpec(int slot, Role role, String name, String group, boolean spare, Traits traits) {
    /// How the processes of a slot are treated.
    ///
    /// @param restart when the slot is filled again
    /// @param reloadable whether a reload of the code replaces it
    /// @param debugged whether a debugger may hold it: it is never accused of a hang then
    /// @param recycling when it is replaced by a fresh process
    public record Traits(RestartPolicy restart, boolean reloadable, boolean debugged, Recycling recycling) {
        /// Those of a plain slot with this policy.
        public static Traits of(RestartPolicy restart) {
            return new Traits(restart, true, false, Recycling.NONE);
        }
    }

    /// A slot that is not a spare, reloadable and never recycled.
    static ChildSpec of(int slot, Role role, String name, RestartPolicy restart) {
        return new ChildSpec(slot, role, name, name, false, Traits.of(restart));
    }

    /// Whether two processes of the slot must never work at the same time. Workers of a queue may: the queue gives
    /// each task, and a port each connection, to one of them.
    boolean exclusive() {
        return role != Role.WEB && role != Role.TASK && role != Role.POOL;
    }

    RestartPolicy restart() {
        return traits.restart();
    }
}
