package dev.muster.supervise;

import java.util.ArrayList;
import java.util.List;

/// All that the supervisor knows about one slot. Immutable.
///
/// @param spec what is to run in it
/// @param state what happens in it now
/// @param since when that state began
/// @param deadline when that state is over, 0 if it has no end
/// @param life its present process, or the last one it had
/// @param history what its processes have gone through
record Slot(ChildSpec spec, SlotState state, long since, long deadline, Life life, History history) {

    /// What the past of a slot says about its future.
    ///
    /// @param restarts how often it was filled again
    /// @param failures counted deaths in a row
    /// @param failedAt the instants of counted deaths within the last period
    /// @param quarantined whether it died too often and has not reformed since
    record History(int restarts, int failures, List<Long> failedAt, boolean quarantined) {
        static final History CLEAR = new History(0, 0, List.of(), false);

        History {
            failedAt = List.copyOf(failedAt);
        }

        History restarted() {
            return new History(restarts + 1, failures, failedAt, quarantined);
        }

        /// Forgets the failures, not the count of restarts.
        History cleared() {
            return new History(restarts, 0, List.of(), false);
        }

        /// With one more counted death: those older than the period are forgotten.
        History failed(long now) {
            List<Long> recent = new ArrayList<>();
            for (long at : failedAt) {
                if (now - at < Backoff.PERIOD) {
                    recent.add(at);
                }
            }
            recent.add(now);
            return new History(restarts, failures + 1, recent, quarantined || recent.size() >= Backoff.INTENSITY);
        }
    }

    static Slot empty(ChildSpec spec) {
        return new Slot(spec, SlotState.STOPPED, 0, 0, Life.NONE, History.CLEAR);
    }

    int number() {
        return spec.slot();
    }

    Slot enter(SlotState next, long now, long until) {
        return new Slot(spec, next, now, until, life, history);
    }

    Slot with(Life changed) {
        return new Slot(spec, state, since, deadline, changed, history);
    }

    Slot with(History changed) {
        return new Slot(spec, state, since, deadline, life, changed);
    }

    /// Whether news about a process concern the one that the slot has now.
    boolean concerns(int lifeNumber) {
        return state.live() && life.number() == lifeNumber;
    }
}
