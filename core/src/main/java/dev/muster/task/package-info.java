/// Tasks: how they are declared, accepted, claimed, run, retried and buried. Owns the life of a task and the [Broker]
/// port behind which the stores stand; knows no store and no supervisor.
///
/// Start reading at [Task] and [Broker]. Then:
///
/// - **What applications use**: [Tasks], [TaskSubmission] and [TaskBatch] enqueue; [Task], [Retry], [Schedule] and
///   [OnCrash] declare; [TaskContext], [RetryException] and [SnoozeException] are for code that runs; [TaskStatus] and
///   [DeadReason] say what became of it.
/// - **The ports**: [Broker] for workers, [TaskDesk] for people, [Coordination] for nodes; [BrokerProvider] and
///   [Brokers] find a store.
/// - **From a message to a call**: `MessageHead` reads what concerns the queue, [TaskMessage] the rest, [TaskCatalog]
///   finds the method, `ParameterBinder` and `PhpArrays` make its arguments, [TaskRunner] calls it.
/// - **The loop of a worker**: [Consumer], with `Intake` (claims), `Stock` (what was claimed), `Pace` (how much),
///   `Outcomes` (what is not stored yet), `SoftLimits` and `Cancellations`; `Taking` for a hook that takes for itself.
/// - **What follows**: `RetryPolicy` and `NextAttempt` after a failure; [TaskFate] after the death of a worker.
/// - **Schedules**: [Timetable] serves them; when they are due is the affair of `dev.muster.schedule`.
@NullMarked
package dev.muster.task;

import org.jspecify.annotations.NullMarked;
