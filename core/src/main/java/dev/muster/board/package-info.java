/// The heartbeat board: the shared memory through which a child shows its pulse, its deadlines and what it has
/// started, without a system call, and which outlives it. Written by children, read by the master. Knows no policy:
/// what a missed deadline or a left mark means is decided by its reader.
///
/// Start reading at [Board], then [BoardDescriptor]; the bytes are in docs/protocol/board.md.
@NullMarked
package dev.muster.board;

import org.jspecify.annotations.NullMarked;
