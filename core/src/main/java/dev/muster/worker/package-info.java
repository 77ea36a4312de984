/// The child side: boot, heartbeat, the loops of user processes, pools and task workers, and the orderly end.
/// Never sees the supervisor.
///
/// Start reading at [WorkerRuntime].
@NullMarked
package dev.muster.worker;

import org.jspecify.annotations.NullMarked;
