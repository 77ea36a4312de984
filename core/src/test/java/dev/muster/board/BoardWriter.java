package dev.muster.board;

import dev.muster.board.BoardSlot.Kind;
import dev.muster.board.BoardSlot.Mark;
import java.nio.file.Path;
import java.util.Arrays;

/// A process that changes slot 0 of a board as fast as it can until it is killed, in such a way that a reader can tell
/// whether what it sees was written as one.
final class BoardWriter {
    static final String KEY = "state";
    private static final int THREADS = 3;

    private BoardWriter() {}

    public static void main(String[] args) {
        // A writer that stops writing would prove nothing.
        Thread.setDefaultUncaughtExceptionHandler((_, e) -> {
            System.err.println("the writer failed: " + e);
            Runtime.getRuntime().halt(1);
        });
        Board board = Board.attach(Path.of(args[0]));
        BoardSlot slot = board.slot(0);
        int life = Integer.parseInt(args[1]);
        slot.register(life, incarnation(life));
        for (int thread = 0; thread < THREADS; thread++) {
            int first = thread;
            var _ = Thread.ofPlatform().start(() -> mark(slot, first));
        }
        var _ = Thread.ofPlatform().start(() -> keep(board));
        for (int n = 0; ; n++) {
            slot.text(n % 10 == 0 ? null : text(n));
            slot.beat();
        }
    }

    static String incarnation(int life) {
        return ("child-" + life + "-").repeat(5);
    }

    private static void mark(BoardSlot slot, int first) {
        int before = slot.start(kind(first), id(first), label(first), limit(first));
        for (int n = first + THREADS; ; n += THREADS) {
            int mark = slot.start(kind(n), id(n), label(n), limit(n));
            slot.finish(before, false);
            if (kind(n - THREADS) == Kind.TASK) {
                slot.settled(before);
            }
            before = mark;
        }
    }

    private static void keep(Board board) {
        for (int n = 0; ; n++) {
            byte[] entry = new byte[n * 7 % Board.PENDING_BYTES + 1];
            Arrays.fill(entry, (byte) entry.length);
            if (!board.addPending(KEY, entry)) {
                throw new IllegalStateException("full");
            }
        }
    }

    static boolean whole(Mark mark) {
        int n = Integer.parseInt(mark.id().substring(0, mark.id().indexOf(':')));
        return mark.id().equals(id(n))
                && mark.label().equals(label(n))
                && mark.kind() == kind(n)
                && mark.deadlineNanos() - mark.startNanos() == limit(n);
    }

    static boolean whole(String text) {
        int n = Integer.parseInt(text.substring(0, text.indexOf(':')));
        return text.equals(text(n));
    }

    static boolean whole(byte[] entry) {
        for (byte b : entry) {
            if (b != (byte) entry.length) {
                return false;
            }
        }
        return true;
    }

    private static Kind kind(int n) {
        return n % 2 == 0 ? Kind.RUN : Kind.TASK;
    }

    private static String id(int n) {
        return n + ":" + Character.toString('a' + n % 26).repeat(n % 50);
    }

    private static String label(int n) {
        return Character.toString('A' + n % 26).repeat(n % 80);
    }

    private static long limit(int n) {
        return 1_000_000_000L * (n % 100 + 1);
    }

    private static String text(int n) {
        return n + ":" + Character.toString('a' + n % 26).repeat(n % 3 == 0 ? n % 60_000 : n % 100);
    }
}
