package dev.muster.supervise;

/// Keeps booted processes in reserve. A spare has a slot of its own, which is filled, watched and restarted like any
/// other; its process stays READY until it moves into a slot of its group, and then the spare's slot is filled again.
final class Spares {
    /// The next spare boots when the one before has taken up its work, not while it does.
    static final long PAUSE = 250_000_000L;

    /// A beat shows in every second observation. So many without one are the rhythm and one beat that is late; more
    /// may be a process that is stopped, and a slot with such a one would stand still.
    private static final int RHYTHM = 2;

    private Spares() {}

    /// The number of a spare's slot that could take over, -1 if there is none: of the same group, with the code
    /// that the slot runs.
    static int find(Turn turn, Slot slot) {
        if (slot.spec().spare()) {
            return -1;
        }
        for (int i = 0; i < turn.size(); i++) {
            Slot other = turn.slot(i);
            Life life = other.present();
            if (other.spec().spare()
                    && other.spec().group().equals(slot.spec().group())
                    && life != null
                    && life.state() == SlotState.READY
                    && life.hopeful()
                    && life.pulse().missed() <= RHYTHM
                    && life.generation() == slot.generation()) {
                return i;
            }
        }
        return -1;
    }

    /// Takes the process out of a spare's slot.
    static Life take(Turn turn, int spare) {
        Slot from = turn.slot(spare);
        Life life = from.present();
        if (life == null) {
            throw new IllegalStateException("the spare slot " + spare + " has no process to take");
        }
        turn.put(from.present(null).resting(SlotState.BACKOFF, turn.now(), turn.now() + PAUSE));
        return life;
    }

    /// The process of a spare takes an empty place.
    static void move(Turn turn, int spare, int number) {
        Life life = take(turn, spare);
        Slot slot = turn.slot(number);
        turn.put(slot.present(life).with(slot.history().filled()));
        turn.tell(Effect.Level.INFO, number, "is taken over by the spare with pid " + life.pid());
        Succession.activate(turn, number);
    }

    /// After a reload: spares with other code than their group are replaced.
    static void converge(Turn turn) {
        for (int i = 0; i < turn.size(); i++) {
            Slot spare = turn.slot(i);
            int wanted = spare.spec().spare() ? generation(turn, spare) : spare.generation();
            if (wanted == spare.generation() || spare.stopped()) {
                continue;
            }
            turn.put(spare.generation(wanted).with(spare.history().cleared()));
            Life life = spare.present();
            if (life == null) {
                Refill.fill(turn, i);
            } else {
                Ladder.order(turn, i, life.number(), Life.Order.RELOAD);
            }
        }
    }

    private static int generation(Turn turn, Slot spare) {
        for (int i = 0; i < turn.size(); i++) {
            Slot slot = turn.slot(i);
            if (!slot.spec().spare()
                    && !slot.stopped()
                    && slot.spec().group().equals(spare.spec().group())) {
                return slot.generation();
            }
        }
        return spare.generation();
    }
}
