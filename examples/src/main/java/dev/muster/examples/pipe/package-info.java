/// `muster run pipe-worker`: the seed's `WorkerProcess`, which writes to its pipe, and `OnPipeMessageEvent`, which is
/// told what it writes.
///
/// Start reading at [WorkerProcess].
@NullMarked
package dev.muster.examples.pipe;

import org.jspecify.annotations.NullMarked;
