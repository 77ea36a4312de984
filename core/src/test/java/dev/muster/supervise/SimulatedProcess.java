package dev.muster.supervise;

import dev.muster.ExitReason;
import java.util.SplittableRandom;

/// The truth about one process of a simulated world: what it is, and what it would do next.
final class SimulatedProcess {
    private static final long MS = 1_000_000L;

    final int life;
    final int generation;
    int slot;
    boolean spawnAsked = true;
    boolean alive;
    boolean dead;
    long pid;
    boolean greeted;
    boolean ready;
    boolean activateAsked;
    boolean activated;
    boolean pauseAsked;
    boolean silent;
    boolean starved;
    boolean stubborn;
    boolean brokenBoot;
    boolean unkillable;
    boolean killed;
    boolean told;
    long beat;
    long shownBeat;
    int missed;
    int starvedBeats;
    long deadline;
    /// Other tasks beside the one with the deadline.
    int siblings;
    int shownTimely;
    /// When it was condemned for its deadline, 0 if it was not.
    long condemnedAt;
    /// It has said that it leaves, or hung up.
    boolean leaves;
    long units;
    long memory;

    SimulatedProcess(int life, int slot, int generation) {
        this.life = life;
        this.slot = slot;
        this.generation = generation;
    }

    /// The operating system has made it.
    Event spawned(long now, long newPid, SplittableRandom random, boolean wild) {
        spawnAsked = false;
        alive = true;
        pid = newPid;
        memory = 30_000_000L + random.nextInt(5_000_000);
        unkillable = wild && random.nextInt(200) == 0;
        stubborn = wild && random.nextInt(10) == 0;
        return new Event.Spawned(now, life, pid);
    }

    Event refused(long now) {
        spawnAsked = false;
        dead = true;
        return new Event.SpawnFailed(now, life, "EAGAIN");
    }

    Event exit(long now, int code, int signal) {
        alive = false;
        dead = true;
        return new Event.Exited(now, life, signal == 0 ? code : -1, signal, units, false);
    }

    Event bye(long now, ExitReason reason, boolean stay) {
        return new Event.SaidBye(now, life, reason, "", stay);
    }

    Event observation(long now) {
        boolean moved = beat != shownBeat;
        missed = moved ? 0 : missed + 1;
        starvedBeats = starved ? starvedBeats + (moved ? 1 : 0) : 0;
        shownBeat = beat;
        String task = deadline == 0 ? "" : "t";
        shownTimely = siblings + (deadline != 0 && now < deadline ? 1 : 0);
        return new Event.Observed(now, life, beat, deadline, task, silent, starved ? 1 : 0, units, shownTimely);
    }

    Event measurement(long now, SplittableRandom random) {
        memory += random.nextInt(3_000_000);
        return new Event.Measured(now, life, memory, random.nextInt(100));
    }

    /// One step of a process without faults; null if it has nothing to say.
    Event behave(long now, SplittableRandom random) {
        silent = false;
        starved = false;
        stubborn = false;
        unkillable = false;
        deadline = 0;
        siblings = 0;
        if (dead) {
            return exit(now, -1, 9);
        }
        if (killed) {
            return exit(now, -1, 9);
        }
        if (!greeted) {
            greeted = true;
            return new Event.Greeted(now, life);
        }
        if (brokenBoot) {
            return exit(now, 65, 0);
        }
        if (!ready) {
            ready = true;
            return new Event.BecameReady(now, life);
        }
        if (told) {
            return exit(now, 0, 0);
        }
        if (activateAsked) {
            activateAsked = false;
            activated = true;
            return new Event.TookUp(now, life);
        }
        if (pauseAsked) {
            pauseAsked = false;
            return new Event.Quieted(now, life);
        }
        beat++;
        units += activated ? 1 : 0;
        if (random.nextInt(20) == 0) {
            return new Event.Measured(now, life, memory, 0);
        }
        return observation(now);
    }

    /// A working process has begun or ended a task; one whose end is decided begins none.
    void work(long now, SplittableRandom random) {
        if (random.nextInt(3) == 0) {
            siblings = condemnedAt == 0 ? random.nextInt(4) : Math.max(0, siblings - 1);
        }
        if (condemnedAt != 0) {
            return;
        }
        deadline = deadline == 0 ? now + random.nextLong(1, 5_000 * MS) : 0;
        units++;
    }
}
