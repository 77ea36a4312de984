/// `muster run shared-memory`: the seed's `SharedMemoryProcess`, which reads and writes a row that all processes share,
/// and a producer whose jobs two consumers take out of a channel.
///
/// Start reading at [Shared].
@NullMarked
package dev.muster.examples.memory;

import org.jspecify.annotations.NullMarked;
