package dev.muster.supervise;

import dev.muster.ExitReason;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A world of processes for the supervisor: they boot, beat, work, hang, stop, say goodbye, crash and are killed as a
/// seeded random decides, and the world knows the truth about each. Checks after every event that the supervisor is
/// right.
final class SimulatedWorld {
    private static final long MS = 1_000_000L;
    private static final Role[] ROLES = {Role.TASK, Role.POOL, Role.USER, Role.POOL, Role.USER};
    private static final RestartPolicy[] POLICIES = {
        RestartPolicy.ALWAYS, RestartPolicy.ALWAYS, RestartPolicy.ALWAYS, RestartPolicy.ON_FAILURE, RestartPolicy.NEVER
    };
    private static final int HISTORY = 60;

    private final SplittableRandom random;
    private final List<Body> bodies = new ArrayList<>();
    private final Deque<String> recent = new ArrayDeque<>();
    private SupervisorState state;
    private long now = 1_000 * MS;
    private long nextPid = 1000;
    private @Nullable Integer left;
    private long stopOrderedAt;
    private long condemned;

    /// The truth about one slot.
    private static final class Body {
        boolean spawnAsked;
        int life;
        long pid;
        boolean alive;
        boolean greeted;
        boolean ready;
        boolean silent;
        long shownBeat = -1;
        int missed;
        boolean unkillable;
        boolean stubborn;
        boolean killed;
        boolean told;
        long beat;
        long deadline;
        long units;
        boolean mayStayEmpty;
    }

    SimulatedWorld(long seed) {
        random = new SplittableRandom(seed);
        List<ChildSpec> specs = new ArrayList<>();
        int slots = 1 + random.nextInt(6);
        for (int i = 0; i < slots; i++) {
            Role role = ROLES[random.nextInt(ROLES.length)];
            RestartPolicy policy = POLICIES[random.nextInt(POLICIES.length)];
            specs.add(new ChildSpec(i, role, "slot" + i, policy));
            bodies.add(new Body());
        }
        Limits limits = Limits.of(
                Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(10));
        state = SupervisorState.of(limits, specs, 2, random.nextLong(), now);
    }

    /// Walks until the application has ended or the number of events is used up.
    ///
    /// @return how many events were decided
    int walk(int most) {
        hear(new Event.Started(now));
        int events = 1;
        while (events < most && left == null) {
            now = Math.min(now + pause(), Math.max(now, state.nextWake()));
            if (random.nextInt(2_000) == 0) {
                now += Duration.ofMillis(random.nextLong(500, 90_000)).toNanos();
            }
            Event event = random.nextInt(4) == 0 || now >= state.nextWake() ? new Event.Tick(now) : something();
            hear(event);
            events++;
        }
        return events;
    }

    /// Orders a stop and checks that the application ends in time, whatever its processes do.
    void stopAndEnd() {
        boolean fast = random.nextBoolean();
        stopOrderedAt = now;
        hear(new Event.StopAll(now, fast));
        Limits limits = state.limits();
        long latest = now + limits.stop() + 3 * limits.kill();
        int guard = 0;
        while (left == null) {
            now = Math.min(now + pause(), Math.max(now + 1, state.nextWake()));
            hear(random.nextInt(3) == 0 ? new Event.Tick(now) : something());
            check(now <= latest, "a stop did not end: ordered at " + stopOrderedAt);
            check(guard++ < 1_000_000, "a stop did not end within a million events");
        }
        for (Body body : bodies) {
            check(!body.alive || left != 0, "the master left a process behind and called that a success");
            check(!body.alive || body.killed, "the master left while a process lived that was never killed");
        }
    }

    long condemned() {
        return condemned;
    }

    private long pause() {
        return random.nextLong(1, 40 * MS);
    }

    private Event something() {
        int number = random.nextInt(bodies.size());
        Body body = bodies.get(number);
        if (body.spawnAsked) {
            return random.nextInt(20) == 0 ? stale(number, body) : spawn(number, body);
        }
        int what = random.nextInt(100);
        if (what == 0) {
            return command(number, body);
        }
        if (what < 4) {
            return stale(number, body);
        }
        if (!body.alive) {
            return new Event.Tick(now);
        }
        if (body.killed && !body.unkillable) {
            return exit(number, body, -1, 9);
        }
        return living(number, body, what);
    }

    private Event spawn(int number, Body body) {
        body.spawnAsked = false;
        if (random.nextInt(30) == 0) {
            return new Event.SpawnFailed(now, number, body.life, "EAGAIN");
        }
        body.alive = true;
        body.pid = nextPid++;
        body.greeted = false;
        body.ready = false;
        body.silent = false;
        body.unkillable = random.nextInt(200) == 0;
        body.stubborn = random.nextInt(10) == 0;
        body.killed = false;
        body.told = false;
        body.beat = 0;
        body.shownBeat = 0;
        body.missed = 0;
        body.deadline = 0;
        body.units = 0;
        return new Event.Spawned(now, number, body.life, body.pid);
    }

    private Event command(int number, Body body) {
        return switch (random.nextInt(4)) {
            case 0 -> {
                body.mayStayEmpty = true;
                yield new Event.StopSlot(now, number);
            }
            case 1 -> {
                body.mayStayEmpty = false;
                yield new Event.RestartSlot(now, number);
            }
            case 2 -> new Event.KillSlot(now, number);
            default -> new Event.RestartSlot(now, number);
        };
    }

    /// News of a process that is long gone must change nothing.
    private Event stale(int number, Body body) {
        int life = body.life - 1;
        return switch (random.nextInt(6)) {
            case 0 -> new Event.Exited(now, number, life, 0, 0, 1, false);
            case 1 -> new Event.BecameReady(now, number, life);
            case 2 -> new Event.SaidBye(now, number, life, ExitReason.CLEAN, "", true);
            case 3 -> new Event.Spawned(now, number, life, 1);
            case 4 -> new Event.LostControl(now, number, life);
            default -> new Event.EvidenceTaken(now, number, life);
        };
    }

    private Event living(int number, Body body, int what) {
        if (!body.greeted) {
            if (what < 60) {
                body.greeted = true;
                return new Event.Greeted(now, number, body.life);
            }
            return what < 64 ? exit(number, body, 1, 0) : new Event.Tick(now);
        }
        if (!body.ready) {
            if (what < 60) {
                body.ready = true;
                return new Event.BecameReady(now, number, body.life);
            }
            return what < 66 ? exit(number, body, 65, 0) : new Event.Tick(now);
        }
        if (body.stubborn && what < 15) {
            return observation(number, body);
        }
        if (body.told && !body.stubborn && what < 50) {
            return exit(number, body, 0, 0);
        }
        if (what < 8) {
            return exit(number, body, what % 3, what == 7 ? 11 : 0);
        }
        if (what < 10) {
            body.mayStayEmpty |= what == 9;
            return new Event.SaidBye(now, number, body.life, ExitReason.ERROR, "", what == 9);
        }
        if (what < 11) {
            return new Event.BrokeProtocol(now, number, body.life, "bad type 99");
        }
        if (what < 12) {
            return new Event.LostControl(now, number, body.life);
        }
        if (what < 14 && !body.silent) {
            body.silent = true;
        } else if (what < 15) {
            body.silent = false;
        }
        if (what < 20) {
            body.deadline = body.deadline == 0 ? now + random.nextLong(1, 5_000 * MS) : 0;
            body.units++;
        }
        if (!body.silent) {
            body.beat++;
        }
        return observation(number, body);
    }

    private Event observation(int number, Body body) {
        body.missed = body.beat == body.shownBeat ? body.missed + 1 : 0;
        body.shownBeat = body.beat;
        return new Event.Observed(
                now, number, body.life, body.beat, body.deadline, body.deadline == 0 ? "" : "t", body.silent);
    }

    private Event exit(int number, Body body, int code, int signal) {
        body.alive = false;
        return new Event.Exited(now, number, body.life, signal == 0 ? code : -1, signal, body.units, false);
    }

    private void hear(Event event) {
        Deque<Event> events = new ArrayDeque<>();
        events.add(event);
        while (!events.isEmpty() && left == null) {
            Event next = events.poll();
            recent.add(next.toString());
            if (recent.size() > HISTORY) {
                recent.poll();
            }
            Decision decision = Supervisor.decide(state, next);
            Decision again = Supervisor.decide(state, next);
            check(decision.equals(again), "the same state and event gave two decisions");
            state = decision.state();
            for (Effect effect : decision.effects()) {
                perform(effect, events);
            }
            checkSlots();
        }
    }

    private void perform(Effect effect, Deque<Event> answers) {
        recent.add("    -> " + effect);
        switch (effect) {
            case Effect.Spawn e -> {
                Body body = bodies.get(e.slot());
                check(!body.alive && !body.spawnAsked, "a second process for slot " + e.slot());
                check(e.life() == body.life + 1, "lives are counted without a gap");
                body.life = e.life();
                body.spawnAsked = true;
            }
            case Effect.SendStop e -> bodies.get(e.slot()).told = true;
            case Effect.Terminate e -> {
                Body body = target(e.slot(), e.life(), e.pid());
                body.told = !body.silent;
            }
            case Effect.Kill e -> {
                Body body = target(e.slot(), e.life(), e.pid());
                body.killed = true;
                body.unkillable = body.unkillable && random.nextInt(20) != 0;
            }
            case Effect.TakeEvidence e -> judge(e, answers);
            case Effect.Inspect e -> {
                Body body = bodies.get(e.slot());
                if (body.alive && body.life == e.life()) {
                    answers.add(observation(e.slot(), body));
                }
            }
            case Effect.Bury e -> check(!bodies.get(e.slot()).alive, "a living process was buried");
            case Effect.Tell _ -> {}
            case Effect.Leave e -> left = e.exitCode();
        }
    }

    private Body target(int slot, int life, long pid) {
        Body body = bodies.get(slot);
        check(body.life == life && body.pid == pid && body.alive, "a signal for a process that is not there");
        return body;
    }

    /// Only the guilty are condemned.
    private void judge(Effect.TakeEvidence e, Deque<Event> answers) {
        Body body = target(e.slot(), e.life(), e.pid());
        condemned++;
        switch (e.why().kind()) {
            case DEADLINE -> check(body.deadline != 0 && now >= body.deadline, "condemned before its deadline");
            case SILENT, STOPPED ->
                check(body.missed >= state.limits().silentObservations(), "condemned while it beats");
            case BOOT -> check(!body.ready, "condemned for booting although it is ready");
            case PROTOCOL -> check(false, "evidence for a protocol violation");
        }
        check(e.spoken() || !body.greeted, "said to be dumb although it has greeted");
        if (random.nextInt(3) != 0) {
            answers.add(new Event.EvidenceTaken(now, e.slot(), e.life()));
        }
    }

    private void checkSlots() {
        for (Slot slot : state.slots()) {
            Body body = bodies.get(slot.number());
            String at = " (slot " + slot.number() + " in " + slot.state() + ")";
            check(slot.deadline() == 0 || slot.deadline() > now, "a limit is over and nothing happened" + at);
            check(slot.state().live() == (body.alive || body.spawnAsked), "state and process disagree" + at);
            boolean waiting = slot.deadline() != 0;
            switch (slot.state()) {
                case STARTING, BOOTING, STUCK, DRAINING, TERMINATING, KILLING, UNKILLABLE ->
                    check(waiting, "a passing state without an end" + at);
                case BACKOFF -> {
                    check(waiting, "forgotten" + at);
                    long cap = slot.spec().role() == Role.USER ? Backoff.CAP : Backoff.CAP_WORKERS;
                    boolean refused = slot.life().pid() == 0;
                    check(fresh(slot) <= (refused ? 2 * Backoff.CAP_WORKERS : cap), "waits too long" + at);
                }
                case QUARANTINE -> {
                    check(waiting, "forgotten" + at);
                    check(fresh(slot) <= Backoff.QUARANTINE, "waits too long" + at);
                }
                case STOPPED ->
                    check(
                            body.mayStayEmpty
                                    || slot.spec().restart() != RestartPolicy.ALWAYS
                                    || state.phase() != SupervisorState.Phase.RUNNING,
                            "forgotten" + at);
                case SPAWNING -> check(body.spawnAsked, "waits for a process that nobody asked for" + at);
                case RUNNING, SUSPECT -> check(body.ready, "runs without being ready" + at);
            }
        }
    }

    /// How long a slot that has just begun to wait is going to; a later freeze may prolong it.
    private long fresh(Slot slot) {
        return slot.since() == now ? slot.deadline() - now : 0;
    }

    private void check(boolean right, String what) {
        if (!right) {
            throw new AssertionError(what + " at " + now + "; the last events:\n" + String.join("\n", recent));
        }
    }
}
