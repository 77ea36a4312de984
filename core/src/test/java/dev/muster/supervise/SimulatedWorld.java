package dev.muster.supervise;

import dev.muster.ExitReason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A world of processes for the supervisor: they boot, beat, work, hang, stop, starve, grow, say goodbye, crash and are
/// killed, and an operator reloads, scales, pauses, restarts and kills them, as a seeded random decides. The world
/// knows the truth about each process and checks after every event that the supervisor is right.
final class SimulatedWorld {
    private static final long MS = 1_000_000L;
    private static final int HISTORY = 80;

    private final SplittableRandom random;
    private final Map<Integer, SimulatedProcess> processes = new TreeMap<>();
    private final Deque<Object> recent = new ArrayDeque<>();
    private final Set<Integer> brokenGenerations = new HashSet<>();
    private final Map<String, Integer> scaled = new HashMap<>();
    private final Set<Integer> mayBeEmpty = new HashSet<>();
    private final SimulatedChecks checks;
    private final Set<Class<?>> effectsSeen = new HashSet<>();
    private SupervisorState state;
    private long now = 1_000 * MS;
    private long nextPid = 1000;
    private int nextGeneration = 2;
    private int orderedGeneration;
    private @Nullable Integer left;
    private long condemned;
    private long reloads;
    private long undone;

    SimulatedWorld(long seed) {
        random = new SplittableRandom(seed);
        List<ChildSpec> specs = SimulatedGroups.any(random);
        Limits limits = Limits.of(
                Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(10));
        state = SupervisorState.of(limits, specs, 2, random.nextLong(), now);
        checks = new SimulatedChecks(processes, mayBeEmpty);
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
            boolean tick = random.nextInt(4) == 0 || now >= state.nextWake();
            hear(tick ? new Event.Tick(now) : something());
            events++;
        }
        return events;
    }

    /// The faults end: within three minutes everything is as it was ordered.
    void calmDown() {
        brokenGenerations.clear();
        for (SimulatedProcess process : processes.values()) {
            process.brokenBoot = false;
        }
        long end = now + Duration.ofMinutes(3).toNanos();
        while (now < end && left == null) {
            now += 50 * MS;
            hear(new Event.Tick(now));
            for (SimulatedProcess process : List.copyOf(processes.values())) {
                if (left == null && process.spawnAsked) {
                    hear(process.spawned(now, nextPid++, random, false));
                } else if (left == null && (process.alive || process.dead)) {
                    hear(process.behave(now, random));
                }
            }
        }
        if (left == null) {
            checks.converged(state, this::fail);
        }
    }

    /// Orders a stop and checks that the application ends in time, whatever its processes do.
    void stopAndEnd() {
        if (left != null) {
            return;
        }
        long ordered = now;
        hear(new Event.StopAll(now, random.nextBoolean()));
        Limits limits = state.limits();
        long latest = now + limits.stop() + 3 * limits.kill();
        int guard = 0;
        while (left == null) {
            now = Math.min(now + pause(), Math.max(now + 1, state.nextWake()));
            hear(random.nextInt(3) == 0 ? new Event.Tick(now) : something());
            check(now <= latest, "a stop did not end: ordered at " + ordered);
            check(guard++ < 1_000_000, "a stop did not end within a million events");
        }
        for (SimulatedProcess process : processes.values()) {
            boolean lives = process.alive;
            check(!lives || left != 0, "the master left a process behind and called that a success");
            check(!lives || process.killed, "the master left while a process lived that was never killed");
        }
    }

    long condemned() {
        return condemned;
    }

    /// How many processes were killed later than their evidence was taken, and before the time of a drain was over.
    long spared() {
        return checks.spared();
    }

    long reloads() {
        return reloads;
    }

    long undone() {
        return undone;
    }

    Set<Class<?>> effectsSeen() {
        return effectsSeen;
    }

    private long pause() {
        return random.nextLong(1, 40 * MS);
    }

    private Event something() {
        int what = random.nextInt(200);
        if (what < 2) {
            return command();
        }
        if (what < 6) {
            return stale();
        }
        List<SimulatedProcess> all = List.copyOf(processes.values());
        if (all.isEmpty()) {
            return new Event.Tick(now);
        }
        SimulatedProcess process = all.get(random.nextInt(all.size()));
        if (process.spawnAsked) {
            return spawn(process);
        }
        if (process.dead) {
            return process.exit(now, -1, 9);
        }
        if (process.killed && !process.unkillable) {
            return dying(process, -1, 9);
        }
        return living(process, random.nextInt(100));
    }

    private Event spawn(SimulatedProcess process) {
        if (random.nextInt(30) == 0) {
            return process.refused(now);
        }
        Event event = process.spawned(now, nextPid++, random, true);
        process.brokenBoot = brokenGenerations.contains(process.generation) && random.nextInt(4) != 0;
        return event;
    }

    private Event command() {
        int slots = state.slots().size();
        int slot = random.nextInt(slots);
        ChildSpec spec = state.slots().get(slot).spec();
        return switch (random.nextInt(12)) {
            case 0 -> {
                mayBeEmpty.add(slot);
                yield new Event.StopSlot(now, slot);
            }
            case 1, 2 -> {
                mayBeEmpty.remove(slot);
                yield new Event.RestartSlot(now, slot);
            }
            case 3, 4 -> new Event.KillSlot(now, slot);
            case 5, 6 -> scale(spec);
            case 7, 8 -> new Event.PauseSet(now, spec.group(), random.nextBoolean());
            default -> reload(spec);
        };
    }

    private Event reload(ChildSpec spec) {
        int generation = nextGeneration++;
        if (random.nextInt(3) == 0) {
            brokenGenerations.add(generation);
        }
        if (state.reload() == null && state.phase() == SupervisorState.Phase.RUNNING) {
            orderedGeneration = generation;
        }
        String scope = switch (random.nextInt(3)) {
            case 0 -> "";
            case 1 -> spec.role().word();
            default -> spec.group();
        };
        return new Event.Reload(now, generation, scope);
    }

    private Event scale(ChildSpec spec) {
        int most = 0;
        for (Slot slot : state.slots()) {
            most += slot.spec().group().equals(spec.group()) && !slot.spec().spare() ? 1 : 0;
        }
        if (most < 6 && random.nextBoolean()) {
            mayBeEmpty.add(state.slots().size());
            return new Event.Specified(
                    now,
                    new ChildSpec(
                            state.slots().size(),
                            spec.role(),
                            spec.group() + "#" + most,
                            spec.group(),
                            false,
                            spec.traits()));
        }
        int instances = random.nextInt(most + 1);
        if (state.phase() == SupervisorState.Phase.RUNNING) {
            scaled.put(spec.group(), instances);
            int index = 0;
            for (Slot slot : state.slots()) {
                if (slot.spec().group().equals(spec.group()) && !slot.spec().spare()) {
                    if (index++ < instances) {
                        mayBeEmpty.remove(slot.number());
                    } else {
                        mayBeEmpty.add(slot.number());
                    }
                }
            }
        }
        return new Event.Scaled(now, spec.group(), instances);
    }

    /// News of a process that never was must change nothing.
    private Event stale() {
        int life = state.lives() + 1 + random.nextInt(3);
        return switch (random.nextInt(6)) {
            case 0 -> new Event.Exited(now, life, 0, 0, 1, false);
            case 1 -> new Event.BecameReady(now, life);
            case 2 -> new Event.SaidBye(now, life, ExitReason.CLEAN, "", true);
            case 3 -> new Event.Spawned(now, life, 1);
            case 4 -> new Event.LostControl(now, life);
            default -> new Event.TookUp(now, life);
        };
    }

    /// First it is seen not to run any more, sometimes; then it is collected.
    private Event dying(SimulatedProcess process, int code, int signal) {
        if (signal == 9 && random.nextBoolean()) {
            process.alive = false;
            process.dead = true;
            return new Event.Died(now, process.life);
        }
        return process.exit(now, code, signal);
    }

    private Event living(SimulatedProcess process, int what) {
        if (!process.greeted) {
            if (what < 60) {
                process.greeted = true;
                return new Event.Greeted(now, process.life);
            }
            return what < 64 ? process.exit(now, 1, 0) : new Event.Tick(now);
        }
        if (!process.ready) {
            if (process.brokenBoot && what < 30) {
                return process.exit(now, 65, 0);
            }
            if (!process.brokenBoot && what < 60) {
                process.ready = true;
                return new Event.BecameReady(now, process.life);
            }
            if (what == 98) {
                return new Event.Extended(now, process.life, random.nextLong(100_000) * MS, "warming up");
            }
            return what < 62 ? process.exit(now, 65, 0) : new Event.Tick(now);
        }
        if (process.told && !process.stubborn && what < 50) {
            return process.exit(now, 0, 0);
        }
        if (process.activateAsked && what < 60) {
            process.activateAsked = false;
            process.activated = true;
            return new Event.TookUp(now, process.life);
        }
        if (process.pauseAsked && what < 30) {
            process.pauseAsked = false;
            return new Event.Quieted(now, process.life);
        }
        return fault(process, what);
    }

    private Event fault(SimulatedProcess process, int what) {
        int rare = random.nextInt(12);
        if (what < 8 && rare == 0) {
            return dying(process, what % 3, what == 7 ? 11 : what == 6 ? 9 : 0);
        }
        if (what < 10 && rare == 1) {
            boolean stay = what == 9 && process.activated;
            if (stay) {
                mayBeEmpty.add(process.slot);
            }
            return process.bye(now, ExitReason.ERROR, stay);
        }
        if (what == 10 && rare == 2) {
            return new Event.BrokeProtocol(now, process.life, "bad type 99");
        }
        if (what == 11 && rare == 3) {
            return new Event.LostControl(now, process.life);
        }
        if (what == 12 && rare < 4) {
            process.silent = !process.silent;
        }
        if (what == 14 && rare == 4 && process.activated) {
            process.told = true;
            return new Event.Retiring(now, process.life, "a task was interrupted");
        }
        if (what == 14 && rare == 5 && process.activated) {
            return new Event.Stalled(now, process.life, random.nextBoolean() ? "none of 3 ready tasks" : "");
        }
        if (what == 13 && rare < 2) {
            process.starved = !process.starved;
        }
        if (what < 20 && process.activated) {
            process.work(now, random);
        }
        if (what == 21) {
            return process.measurement(now, random);
        }
        if (!process.silent) {
            process.beat++;
        }
        return process.observation(now);
    }

    private void hear(Event event) {
        Deque<Event> events = new ArrayDeque<>();
        events.add(event);
        while (!events.isEmpty() && left == null) {
            Event next = events.poll();
            remember(next);
            Decision decision = Supervisor.decide(state, next);
            if (random.nextInt(50) == 0) {
                check(decision.equals(Supervisor.decide(state, next)), "the same state and event gave two decisions");
            }
            state = decision.state();
            checks.heard(next);
            if (next instanceof Event.Exited gone) {
                processes.remove(gone.life());
            } else if (next instanceof Event.SpawnFailed gone) {
                processes.remove(gone.life());
            }
            for (Effect effect : decision.effects()) {
                perform(effect, events);
            }
            if (left == null) {
                checks.afterEach(state, now, this::fail);
            }
        }
    }

    /// Written out only when a check fails.
    private void remember(Object what) {
        recent.add(what);
        if (recent.size() > HISTORY) {
            recent.poll();
        }
    }

    private void perform(Effect effect, Deque<Event> answers) {
        remember(effect);
        effectsSeen.add(effect.getClass());
        switch (effect) {
            case Effect.Spawn e -> {
                check(!processes.containsKey(e.life()), "a number of a process was given twice");
                processes.put(e.life(), new SimulatedProcess(e.life(), e.slot(), e.generation()));
            }
            case Effect.Activate e -> activate(e);
            case Effect.SendPause e -> target(e.life(), 0).pauseAsked = true;
            case Effect.SendStop e -> target(e.life(), 0).told = true;
            case Effect.Terminate e -> {
                SimulatedProcess process = target(e.life(), e.pid());
                process.told |= !process.silent;
            }
            case Effect.Kill e -> {
                if (state.phase() != SupervisorState.Phase.ENDED) {
                    SimulatedProcess process = target(e.life(), e.pid());
                    checks.siblingsFirst(state, process, now, this::fail);
                    process.killed = true;
                    process.unkillable = process.unkillable && random.nextInt(20) != 0;
                }
            }
            case Effect.TakeEvidence e -> judge(e, answers);
            case Effect.Inspect e -> {
                SimulatedProcess process = processes.get(e.life());
                if (process != null && process.alive) {
                    answers.add(process.observation(now));
                }
            }
            case Effect.Bury e -> {
                SimulatedProcess process = processes.get(e.life());
                check(process == null || !process.alive, "a living process was buried");
            }
            case Effect.ReloadEnded e -> reloadEnded(e);
            case Effect.StopBegun _ -> {}
            case Effect.Tell _ -> {}
            case Effect.Leave e -> left = e.code().number();
        }
    }

    private void activate(Effect.Activate e) {
        SimulatedProcess process = target(e.life(), 0);
        Slot slot = state.slots().get(e.slot());
        check(process.ready, "a process is to work that is not ready");
        check(!slot.paused() && !slot.spec().spare(), "a process is to work in a paused slot, or in that of a spare");
        check(slot.present() != null && slot.present().number() == e.life(), "not the present process is to work");
        process.slot = e.slot();
        process.activateAsked = true;
        process.pauseAsked = false;
        if (slot.spec().exclusive()) {
            checks.alone(state, e, this::fail);
        }
    }

    private void reloadEnded(Effect.ReloadEnded e) {
        if (e.generation() != orderedGeneration) {
            check(!e.text().isEmpty(), "a reload that was refused is said to have succeeded");
            return;
        }
        orderedGeneration = 0;
        reloads++;
        undone += e.text().isEmpty() ? 0 : 1;
        if (e.text().isEmpty()) {
            check(state.generation() == e.generation(), "a reload succeeded and the generation is another");
        } else {
            check(state.generation() != e.generation(), "a reload failed and its generation is in force");
            for (Slot slot : state.slots()) {
                boolean stays = state.phase() != SupervisorState.Phase.RUNNING || slot.stopped();
                check(stays || slot.generation() != e.generation(), "an undone reload has left its code in " + slot);
            }
        }
    }

    private SimulatedProcess target(int life, long pid) {
        SimulatedProcess process = processes.get(life);
        if (process == null || !process.alive && !process.dead || pid != 0 && process.pid != pid) {
            throw fail("a signal or message for a process that is not there: life " + life + ", pid " + pid);
        }
        return process;
    }

    /// Only the guilty are condemned.
    private void judge(Effect.TakeEvidence e, Deque<Event> answers) {
        SimulatedProcess process = target(e.life(), e.pid());
        condemned++;
        switch (e.why().kind()) {
            case DEADLINE -> {
                check(process.deadline != 0 && now >= process.deadline, "condemned before its deadline");
                check(process.condemnedAt == 0, "condemned twice");
                process.condemnedAt = now;
            }
            case SILENT, STOPPED ->
                check(
                        process.missed >= state.limits().silentObservations() || process.activateAsked,
                        "condemned while it beats");
            case CARRIERS -> check(process.starvedBeats >= 20, "condemned although its carriers are free");
            case BOOT -> check(!process.ready, "condemned for booting although it is ready");
            case PROTOCOL -> check(false, "evidence for a protocol violation");
        }
        check(!state.slots().get(e.slot()).spec().traits().debugged(), "condemned under a debugger");
        check(e.spoken() || !process.greeted, "said to be dumb although it has greeted");
        if (random.nextInt(3) != 0) {
            answers.add(new Event.EvidenceTaken(now, e.life()));
        }
    }

    private void check(boolean right, String what) {
        if (!right) {
            throw fail(what);
        }
    }

    private AssertionError fail(String what) {
        StringBuilder text = new StringBuilder(what + " at " + now + "; the last events:");
        for (Object line : recent) {
            text.append(line instanceof Effect ? "\n    -> " : "\n").append(line);
        }
        throw new AssertionError(text.toString());
    }
}
