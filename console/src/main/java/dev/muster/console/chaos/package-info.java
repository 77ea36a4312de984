/// `muster chaos`: breaks an application of its own in every way that is known, and checks what becomes of it.
///
/// It sees the application from outside only: through the commands, the ledger that the application keeps, the queue,
/// and `/proc`. How an application is started is behind [dev.muster.console.chaos.Stage]. Start reading at
/// [dev.muster.console.chaos.Chaos].
@NullMarked
package dev.muster.console.chaos;

import org.jspecify.annotations.NullMarked;
