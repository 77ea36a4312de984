/// Tasks: how they are declared, accepted, claimed, run, retried and buried. Owns the life of a task and the [Broker]
/// port behind which the stores stand; knows no store and no supervisor.
///
/// Start reading at [Task] and [Broker].
@NullMarked
package dev.muster.task;

import org.jspecify.annotations.NullMarked;
