/// The application of `muster chaos`: processes that do whatever they are told, however bad it is, and a ledger of what
/// they did.
///
/// It knows nothing of who tells it: orders are small files in the working directory, and messages in the queue. Start
/// reading at [ChaosApp].
@NullMarked
package dev.muster.examples.chaos;

import org.jspecify.annotations.NullMarked;
