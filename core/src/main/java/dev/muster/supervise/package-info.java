/// The master: which processes should live, the pure decisions about them, and the loop that performs what is decided.
/// Never sees the worker side.
///
/// Where to look, from the inside out:
///
/// - **Decisions**, pure and immutable: [dev.muster.supervise.Supervisor] takes a
///   [dev.muster.supervise.SupervisorState] and an [dev.muster.supervise.Event] and returns the next state and
///   [dev.muster.supervise.Effect]s. `Slot` and `Life` are what it knows; `Watch`, `Ladder`, `Refill`, `Succession`,
///   `Spares`, `Recycler`, `Reloading`, `Scaling` and `Shutdown` are what it decides about; `Autopsy`, `Why` and
///   `HealthReport` say it in words.
/// - **The loop**: [dev.muster.supervise.Master] takes directories, log and board; `RunningMaster` wires the rest;
///   `MasterLoop` decides event after event; `MasterHands` performs the effects.
/// - **Processes**: `Spawning` and `ChildCommand` start them, `Reaper` sees them end, `Leftovers`, `Sweep` and
///   `Strangers` find what nobody else would; `Workers` and `WorkerHandle` are the living ones.
/// - **Conversations**: `ControlDesk` tells children (`ChildDesk`, `CheckDesk`) from command lines (`CommandDesk` with
///   `SlotCommands`, `GroupCommands`, `ReloadDesk`, `SlotTable`); `HealthDesk` and `SystemdLink` tell others.
/// - **Explained deaths**: `EvidenceDesk` and `EvidenceTaker` before the kill, `Inquest` after it, `Dumps` keeps both.
/// - **Logs**: `LogPump` reads what children print, `LogFiles` writes it.
/// - **Code and caches**: `ClassPathSnapshots` and `Generations` for reloads, `JvmCaches` for quick starts.
@NullMarked
package dev.muster.supervise;

import org.jspecify.annotations.NullMarked;
