package dev.muster.supervise;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that the supervisor knows about one slot. Immutable.
///
/// @param spec what is to run in it
/// @param rest what it does while it has no present process
/// @param present its process, null if it has none
/// @param heir the process that is to take the place of the present one, null if there is none
/// @param leaving processes that were present once and have not ended yet
/// @param generation of the code that it runs, or is to run when it is filled next
/// @param paused whether its process is given no work
/// @param history what its processes have gone through
record Slot(
        ChildSpec spec,
        Rest rest,
        @Nullable Life present,
        @Nullable Life heir,
        List<Life> leaving,
        int generation,
        boolean paused,
        History history) {

    /// The state of a slot without a process: STOPPED, BACKOFF or QUARANTINE.
    ///
    /// @param since when it began
    /// @param deadline when it ends, 0 for never
    record Rest(SlotState state, long since, long deadline) {
        static final Rest NEW = new Rest(SlotState.STOPPED, 0, 0);
    }

    /// What the past of a slot says about its future.
    ///
    /// @param fills how often it was given a process
    /// @param past the deaths that count
    /// @param everReady whether a process of it was ever ready
    /// @param recycledAt when it was recycled, or when that failed, last; 0 for never
    record History(int fills, Failures past, boolean everReady, long recycledAt) {
        static final History CLEAR = new History(0, Failures.NONE, false, 0);

        /// How often it was filled again.
        int restarts() {
            return Math.max(0, fills - 1);
        }

        History filled() {
            return new History(fills + 1, past, everReady, recycledAt);
        }

        History ready() {
            return new History(fills, past, true, recycledAt);
        }

        History recycled(long now) {
            return new History(fills, past, everReady, now);
        }

        /// Forgets the failures, not the count of restarts.
        History cleared() {
            return with(Failures.NONE);
        }

        History with(Failures other) {
            return new History(fills, other, everReady, recycledAt);
        }

        /// With one more death that counts.
        History failed(long now) {
            return with(past.another(now));
        }

        /// Deaths that count, in a row.
        int failures() {
            return past.inARow();
        }

        boolean quarantined() {
            return past.quarantined();
        }
    }

    Slot {
        leaving = List.copyOf(leaving);
    }

    static Slot empty(ChildSpec spec, int generation) {
        return new Slot(spec, Rest.NEW, null, null, List.of(), generation, false, History.CLEAR);
    }

    int number() {
        return spec.slot();
    }

    /// What `muster ps` shows: the state of the present process, or of the empty slot.
    SlotState state() {
        return present == null ? rest.state() : present.state();
    }

    /// Whether it is empty and is to stay so.
    boolean stopped() {
        return present == null && rest.state() == SlotState.STOPPED;
    }

    /// Its processes: the present one first, then the heir, then those that leave.
    List<Life> lives() {
        if (heir == null && leaving.isEmpty()) {
            return present == null ? List.of() : List.of(present);
        }
        List<Life> lives = new ArrayList<>(2 + leaving.size());
        if (present != null) {
            lives.add(present);
        }
        if (heir != null) {
            lives.add(heir);
        }
        lives.addAll(leaving);
        return lives;
    }

    /// The process with this number, null if it is none of this slot.
    @Nullable
    Life life(int number) {
        if (present != null && present.number() == number) {
            return present;
        }
        if (heir != null && heir.number() == number) {
            return heir;
        }
        for (Life life : leaving) {
            if (life.number() == number) {
                return life;
            }
        }
        return null;
    }

    /// With another value of a process that it has.
    Slot with(Life changed) {
        if (present != null && present.number() == changed.number()) {
            return present(changed);
        }
        if (heir != null && heir.number() == changed.number()) {
            return heir(changed);
        }
        List<Life> others = new ArrayList<>(leaving);
        others.replaceAll(life -> life.number() == changed.number() ? changed : life);
        return leaving(others);
    }

    /// Without a process that has ended.
    Slot without(int number) {
        if (present != null && present.number() == number) {
            return present(null);
        }
        if (heir != null && heir.number() == number) {
            return heir(null);
        }
        List<Life> others = new ArrayList<>(leaving);
        others.removeIf(life -> life.number() == number);
        return leaving(others);
    }

    /// The present process makes room: it still lives, and leaves.
    Slot vacated() {
        if (present == null) {
            return this;
        }
        List<Life> more = new ArrayList<>(leaving);
        more.add(present);
        return present(null).leaving(more);
    }

    /// The heir will not have the place: it still lives, and leaves.
    Slot forsaken() {
        if (heir == null) {
            return this;
        }
        List<Life> more = new ArrayList<>(leaving);
        more.add(heir);
        return heir(null).leaving(more);
    }

    Slot present(@Nullable Life value) {
        return new Slot(spec, rest, value, heir, leaving, generation, paused, history);
    }

    Slot heir(@Nullable Life value) {
        return new Slot(spec, rest, present, value, leaving, generation, paused, history);
    }

    private Slot leaving(List<Life> value) {
        return new Slot(spec, rest, present, heir, value, generation, paused, history);
    }

    Slot resting(SlotState state, long now, long until) {
        return new Slot(spec, new Rest(state, now, until), present, heir, leaving, generation, paused, history);
    }

    Slot generation(int value) {
        return new Slot(spec, rest, present, heir, leaving, value, paused, history);
    }

    Slot paused(boolean value) {
        return new Slot(spec, rest, present, heir, leaving, generation, value, history);
    }

    Slot with(ChildSpec value) {
        return new Slot(value, rest, present, heir, leaving, generation, paused, history);
    }

    Slot with(History value) {
        return new Slot(spec, rest, present, heir, leaving, generation, paused, value);
    }
}
