/// `muster run queue-consumer`: the seed's `QueueConsumerProcess`, on a Redis list that anybody may push to.
///
/// Start reading at [QueueConsumerProcess].
@NullMarked
package dev.muster.examples.queue;

import org.jspecify.annotations.NullMarked;
