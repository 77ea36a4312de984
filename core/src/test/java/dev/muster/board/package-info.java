/// Tests of the board: the layout against its document, round trips, and writers that are killed.
@NullMarked
package dev.muster.board;

import org.jspecify.annotations.NullMarked;
