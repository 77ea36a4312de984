package dev.muster.concurrency.board;

import dev.muster.board.BoardSlot;
import dev.muster.concurrency.Places;

/// A slot for each place, in the memory of this JVM.
final class Slots {
    private Slots() {}

    static BoardSlot[] all() {
        BoardSlot[] slots = new BoardSlot[Places.COUNT];
        for (int place = 0; place < slots.length; place++) {
            slots[place] = BoardSlot.inMemory(place);
        }
        return slots;
    }
}
