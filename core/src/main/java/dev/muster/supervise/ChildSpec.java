package dev.muster.supervise;

import dev.muster.RestartPolicy;
import dev.muster.Role;

/// What is to run in a slot, as far as the decisions need to know it.
///
/// @param slot its number; the position in the list of all slots
/// @param role its role
/// @param name its name, with `#N` when there are several instances
/// @param restart when the slot is filled again
public record ChildSpec(int slot, Role role, String name, RestartPolicy restart) {}
