/// A slot of the board under stress. The protocol is in docs/protocol/board.md.
@NullMarked
package dev.muster.concurrency.board;

import org.jspecify.annotations.NullMarked;
