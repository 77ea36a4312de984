package dev.muster.supervise;

import dev.muster.RestartPolicy;
import dev.muster.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// What a decision of the supervisor costs, by kind of event, with many slots: all boot; then each is looked at in
/// turn, some die, and each dead one is replaced. Not a test: `benchmarks/run decide` runs it.
public final class DecisionTime {
    private static final int ROUNDS = 400;
    private static final int WARM = 100;

    private final Map<String, List<Long>> times = new TreeMap<>();
    private final SplittableRandom random = new SplittableRandom(1);
    private long now = Duration.ofSeconds(5).toNanos();
    private SupervisorState state;
    private boolean counting;

    private DecisionTime(int slots) {
        List<ChildSpec> specs = new ArrayList<>();
        for (int i = 0; i < slots; i++) {
            specs.add(ChildSpec.of(i, Role.TASK, "task#" + i, RestartPolicy.ALWAYS));
        }
        state = SupervisorState.of(History.LIMITS, specs, 64, 7, now);
    }

    /// @param args how many slots; 1,000 by default
    public static void main(String[] args) {
        int slots = args.length == 0 ? 1_000 : Integer.parseInt(args[0]);
        new DecisionTime(slots).run(slots);
    }

    private void run(int slots) {
        hear(new Event.Started(now));
        for (int round = 0; round < ROUNDS; round++) {
            counting = round >= WARM;
            now += History.LIMITS.tick();
            hear(new Event.Tick(now));
            settle();
            for (Slot slot : state.slots()) {
                Life present = slot.present();
                if (present != null && present.state() == SlotState.RUNNING) {
                    hear(new Event.Observed(now, present.number(), round + 1L, 0, "", false, 0, round + 1L, 0));
                }
            }
            for (int i = 0; i < 5; i++) {
                Life present = state.slots().get(random.nextInt(slots)).present();
                if (present != null && present.state() == SlotState.RUNNING) {
                    hear(new Event.Exited(now, present.number(), 0, 9, 1, false));
                }
            }
        }
        times.forEach((kind, all) -> {
            long[] sorted = all.stream().mapToLong(Long::longValue).sorted().toArray();
            System.out.println(String.format(
                    Locale.ROOT,
                    "decision | %d slots | %s | events %d | mean %.1f us | p50 %.1f us | p99 %.1f us",
                    slots,
                    kind,
                    sorted.length,
                    Arrays.stream(sorted).average().orElse(0) / 1e3,
                    sorted[sorted.length / 2] / 1e3,
                    sorted[(int) (sorted.length * 0.99)] / 1e3));
        });
    }

    /// Whatever was spawned boots and takes up its work.
    private void settle() {
        for (Slot slot : state.slots()) {
            for (Life life : slot.lives()) {
                if (life.state() == SlotState.SPAWNING) {
                    hear(new Event.Spawned(now, life.number(), 100L + life.number()));
                    hear(new Event.Greeted(now, life.number()));
                    hear(new Event.BecameReady(now, life.number()));
                    hear(new Event.TookUp(now, life.number()));
                }
            }
        }
    }

    private void hear(Event event) {
        long before = System.nanoTime();
        Decision decision = Supervisor.decide(state, event);
        long time = System.nanoTime() - before;
        state = decision.state();
        if (counting) {
            times.computeIfAbsent(event.getClass().getSimpleName(), _ -> new ArrayList<>())
                    .add(time);
        }
    }
}
