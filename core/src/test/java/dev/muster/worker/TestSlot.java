package dev.muster.worker;

import dev.muster.board.Board;
import dev.muster.board.BoardSlot;
import dev.muster.board.Incarnation;
import dev.muster.os.Identity;
import java.nio.file.Path;

/// A real board with one slot in a directory of the test: the child registered in it, and the master's look at it.
record TestSlot(Board master, Board child) implements AutoCloseable {
    static TestSlot open(Path directory) {
        Path file = directory.resolve("board");
        Board master = Board.create(file, 1, Identity.self());
        master.slot(0).reset(1);
        Board child = Board.attach(file);
        child.slot(0).register(1, Incarnation.self().text());
        return new TestSlot(master, child);
    }

    /// The child's side.
    BoardSlot slot() {
        return child.slot(0);
    }

    /// The master's side.
    BoardSlot seen() {
        return master.slot(0);
    }

    @Override
    public void close() {
        child.close();
        master.delete();
    }
}
