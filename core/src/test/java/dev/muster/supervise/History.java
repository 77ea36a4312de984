package dev.muster.supervise;

import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.supervise.ChildSpec.Traits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A short history of a supervisor for a test: what it hears, what it decides, and a clock that the test moves.
final class History {
    static final long MS = 1_000_000L;
    static final Limits LIMITS =
            Limits.of(Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(10));

    private final List<Effect> effects = new ArrayList<>();
    private SupervisorState state;
    private long now = 5_000 * MS;

    private History(List<ChildSpec> specs) {
        state = SupervisorState.of(LIMITS, specs, 8, 7, now);
        hear(new Event.Started(now));
    }

    /// A group of workers with spares, started.
    static History of(Role role, int instances, int spares, Recycling recycling) {
        List<ChildSpec> specs = new ArrayList<>();
        Traits traits = new Traits(RestartPolicy.ALWAYS, true, false, recycling);
        for (int i = 0; i < instances + spares; i++) {
            specs.add(new ChildSpec(i, role, "group#" + i, "group", i >= instances, traits));
        }
        return new History(specs);
    }

    static History of(ChildSpec... specs) {
        return new History(List.of(specs));
    }

    SupervisorState state() {
        return state;
    }

    Slot slot(int number) {
        return state.slots().get(number);
    }

    SlotState stateOf(int slot) {
        return slot(slot).state();
    }

    int present(int slot) {
        Life life = slot(slot).present();
        return life == null ? 0 : life.number();
    }

    int heir(int slot) {
        Life life = slot(slot).heir();
        return life == null ? 0 : life.number();
    }

    long now() {
        return now;
    }

    void hear(Event event) {
        Decision decision = Supervisor.decide(state, event);
        state = decision.state();
        effects.addAll(decision.effects());
    }

    void tick() {
        now += LIMITS.tick();
        hear(new Event.Tick(now));
    }

    void pass(Duration time) {
        long end = now + time.toNanos();
        while (now < end) {
            tick();
        }
    }

    /// A process boots; its pid is its number and a hundred.
    void boot(int life) {
        hear(new Event.Spawned(now, life, 100 + life));
        hear(new Event.Greeted(now, life));
        hear(new Event.BecameReady(now, life));
    }

    /// Everything that was spawned boots, and takes up its work where it is told to.
    void settle() {
        for (Slot slot : state.slots()) {
            for (Life life : slot.lives()) {
                if (life.state() == SlotState.SPAWNING) {
                    boot(life.number());
                }
            }
        }
        takeUp();
    }

    void takeUp() {
        for (Slot slot : state.slots()) {
            Life present = slot.present();
            if (present != null && present.state() == SlotState.READY && present.activated()) {
                hear(new Event.TookUp(now, present.number()));
            }
        }
    }

    void exit(int life, int code, int signal, long units) {
        hear(new Event.Exited(now, life, code, signal, units, false));
    }

    void observe(int life, long beat, long deadline, long units) {
        observe(life, beat, deadline, units, 0);
    }

    /// @param timely the tasks under way that are not over their limits
    void observe(int life, long beat, long deadline, long units, int timely) {
        hear(new Event.Observed(now, life, beat, deadline, deadline == 0 ? "" : "t", false, 0, units, timely));
    }

    void forget() {
        effects.clear();
    }

    <E extends Effect> List<E> all(Class<E> type) {
        return effects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <E extends Effect> E last(Class<E> type) {
        return all(type).getLast();
    }
}
