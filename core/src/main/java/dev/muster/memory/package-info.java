/// What processes of one application share in memory: tables, counters, locks and channels, found by name from any
/// process, in any order, and crash-safe: a process that is killed at any instruction leaves nothing torn, nothing
/// locked and nothing lost that was complete. Knows no roles and no supervision: who is dead it finds out by itself.
///
/// Start reading at [Table]; then [SharedMemory], which says where it all is, and [Region]. The bytes are in
/// docs/protocol/memory.md.
@NullMarked
package dev.muster.memory;

import org.jspecify.annotations.NullMarked;
