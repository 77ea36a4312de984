package dev.muster.inline;

import dev.muster.board.BoardSlot;
import dev.muster.observe.Death;
import dev.muster.observe.SlotRow;
import dev.muster.supervise.Failures;
import dev.muster.worker.InlineLife;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the supervision knows about one slot.
///
/// **Threads:** guarded by the lock of [Supervision].
final class InlineSlot {
    /// What happens in it. The words are those of `muster ps`.
    enum State {
        BOOTING(true),
        RUNNING(true),
        DRAINING(true),
        /// Over a limit, interrupted, and its thread has not ended.
        STUCK(true),
        BACKOFF(false),
        QUARANTINE(false),
        STOPPED(false);

        private final boolean live;

        State(boolean live) {
            this.live = live;
        }

        boolean live() {
            return live;
        }
    }

    /// What was ordered for the present life.
    enum Order {
        NONE,
        STOP,
        RESTART
    }

    private static final int TASK_TEXT = 500;

    final Place place;
    Failures past = Failures.NONE;
    State state = State.STOPPED;
    Order order = Order.NONE;

    @Nullable
    InlineLife life;

    int number;
    long startedAt;
    long readyAt;
    /// The next start in BACKOFF and QUARANTINE; when a life that was told to end is interrupted, in DRAINING.
    long due;
    /// Which limit it is over: `deadline`, `silent`, `boot`, `stop`; empty if none.
    String stuck = "";
    long stuckAt;
    String task = "";
    String evidence = "";
    /// Whether the life has said that the store holds nothing in its name.
    boolean released;

    InlineSlot(Place place) {
        this.place = place;
    }

    /// A new life begins.
    void begin(InlineLife next, long now) {
        life = next;
        state = State.BOOTING;
        order = Order.NONE;
        startedAt = now;
        readyAt = 0;
        stuck = "";
        task = "";
        evidence = "";
        released = false;
    }

    long unitsDone() {
        return life == null ? 0 : life.slot().unitsDone();
    }

    long unitsFailed() {
        return life == null ? 0 : life.slot().unitsFailed();
    }

    /// What it is working on, for people; empty if nothing.
    String working() {
        if (life == null) {
            return "";
        }
        BoardSlot board = life.slot();
        for (BoardSlot.Mark mark : board.marks()) {
            if (!mark.finished()) {
                return mark.id().isEmpty() ? mark.label() : mark.id() + " " + mark.label();
            }
        }
        String text = board.text();
        return text == null ? "" : text.length() > TASK_TEXT ? text.substring(0, TASK_TEXT) : text;
    }

    /// The tasks that it has started and not finished.
    List<String> started() {
        List<String> started = new ArrayList<>();
        if (life != null) {
            for (BoardSlot.Mark mark : life.slot().marks()) {
                if (mark.kind() == BoardSlot.Kind.TASK && !mark.finished()) {
                    started.add(mark.id());
                }
            }
        }
        return started;
    }

    /// As `muster ps` shows it.
    ///
    /// @param last its last death, null if none is known
    SlotRow row(long now, @Nullable Death last) {
        boolean live = state.live();
        return new SlotRow(
                place.number(),
                place.role(),
                place.name(),
                live ? ProcessHandle.current().pid() : 0,
                1,
                state.name(),
                live ? (now - startedAt) / 1_000_000 : 0,
                Math.max(0, number - 1),
                0,
                live ? working() : "",
                live ? unitsDone() : 0,
                live ? unitsFailed() : 0,
                live && life != null ? life.slot().backlog() : 0,
                live && life != null ? life.slot().connections() : 0,
                false,
                false,
                0,
                0,
                List.of(),
                last);
    }
}
