package dev.muster.supervise;

import java.util.List;

/// What follows from an event.
///
/// @param state the state from now on
/// @param effects what is to be done, in this order
record Decision(SupervisorState state, List<Effect> effects) {
    Decision {
        effects = List.copyOf(effects);
    }
}
