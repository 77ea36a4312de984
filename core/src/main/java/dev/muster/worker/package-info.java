/// The child side: boot, heartbeat, the loops of user processes, pools and task workers, and the orderly end.
/// Never sees the supervisor.
///
/// Start reading at [WorkerRuntime], which is the boot. Then:
///
/// - **Its place**: `Coordinates` say whose child it is, `MasterLink` is the conversation with the master,
///   `ChildOrders` what is asked of it, `Duty` which slot it fills and whether it is to work, `StopRequest` that it is
///   to end.
/// - **Signs of life**: `Heartbeat`, with `CarrierProbe` for virtual threads; `BootTime`, `Flights`, `Silence` and
///   `BoardMarks` show what is under way and until when.
/// - **The loops**: `UserProcessLoop`, `PoolWorkerLoop` (task workers too), `WebLoop`, `ConsoleLoop` (which serves
///   `dev.muster.probe`).
/// - **The store of a worker**: `BrokerKeeper` opens it, renews the lease and gives back what the dead held
///   (`LostClaims`, `KilledMasters`); `WorkerBroker` is what the loop sees of it; `Doubt`, `Outage` and `IdleAlarm`
///   look after what goes wrong in silence. `ClusterLease` and `Node` are for several machines, `Timekeeper` serves
///   schedules.
/// - **What user code sees**: `ChildServer`, `UserProcessContext`, `PoolContext`; `EventLane` and `Listeners` tell it
///   what happens, `Correspondence` and `ServerCalls` carry messages.
/// - **The way out**: `Departure`, for whatever reason; `FailedBoot`, `UncaughtFailures` and `ExitWatch` find the
///   reasons.
/// - **In one JVM**: `InlineLife`, `InlineContext`, `InlineDeparture`.
@NullMarked
package dev.muster.worker;

import org.jspecify.annotations.NullMarked;
