package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Role;
import dev.muster.scan.ScheduleDeclaration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which worker is told to serve the schedules.
@Timeout(30)
class TimeDeskTest {
    private static final ScheduleDeclaration DAILY = schedule("daily", true);

    private final List<String> told = new ArrayList<>();
    private final List<Map<String, String>> maps = new ArrayList<>();
    private final Generations generations =
            new Generations(Shops.generation(1, List.of(DAILY, schedule("off", false))), _ -> {});
    private final TimeDesk desk = new TimeDesk(generations, this::tell);
    private final History app = History.of(Role.TASK, 2, 1, Recycling.NONE);

    private static ScheduleDeclaration schedule(String name, boolean enabled) {
        return new ScheduleDeclaration(name, "t", "q", "@daily", 0, "", "ONCE", "", enabled);
    }

    private void tell(int life, List<Map<String, String>> schedules) {
        told.add(life + " " + schedules.stream().map(map -> map.get("name")).toList());
        maps.addAll(schedules);
    }

    private List<String> turn() {
        told.clear();
        desk.turned(app.state());
        return List.copyOf(told);
    }

    @Test
    void isTheFirstThatWorksAndStaysSo() {
        assertThat(turn()).as("they boot").isEmpty();
        assertThat(desk.of(app.state(), 0)).startsWith("nobody serves the schedules daily");
        app.boot(2);
        app.takeUp();
        assertThat(turn()).containsExactly("2 [daily]");
        app.settle();
        assertThat(turn()).as("it goes on").isEmpty();
        assertThat(desk.of(app.state(), 1)).isEqualTo("it serves the schedules daily of the application");
        assertThat(desk.of(app.state(), 0)).isEmpty();
    }

    @Test
    void anotherOneFollowsInTheTurnInWhichItDiesOrHangs() {
        app.settle();
        assertThat(turn()).containsExactly("1 [daily]");
        app.exit(1, 0, 9, 1);
        assertThat(turn()).containsExactly("1 []", "2 [daily]");
        app.settle();
        assertThat(turn()).isEmpty();
        app.hear(new Event.RestartSlot(app.now(), 1));
        assertThat(app.stateOf(1)).isEqualTo(SlotState.DRAINING);
        assertThat(turn()).containsExactly("2 []", app.present(0) + " [daily]");
    }

    @Test
    void theLastOneThatIsPausedGoesOnAndNoneIsLeftAfterScalingToZero() {
        app.settle();
        assertThat(turn()).hasSize(1);
        app.hear(new Event.PauseSet(app.now(), "group", true));
        app.hear(new Event.Quieted(app.now(), 1));
        app.hear(new Event.Quieted(app.now(), 2));
        assertThat(app.stateOf(0)).isEqualTo(SlotState.READY);
        assertThat(turn()).isEmpty();
        app.hear(new Event.Scaled(app.now(), "group", 0));
        assertThat(turn()).containsExactly("1 []");
        assertThat(desk.of(app.state(), 0)).startsWith("nobody serves");
        app.hear(new Event.StopAll(app.now(), false));
        assertThat(turn()).isEmpty();
    }

    @Test
    void theStopOfTheApplicationEndsIt() {
        app.settle();
        assertThat(turn()).hasSize(1);
        app.hear(new Event.StopAll(app.now(), false));
        assertThat(turn()).containsExactly("1 []");
        assertThat(desk.of(app.state(), 0)).isEmpty();
    }

    @Test
    void aReloadBringsOthersAndRemembersSinceWhenEachIsKnown() {
        app.settle();
        assertThat(turn()).containsExactly("1 [daily]");
        String since = maps.getFirst().get("since");
        generations.add(Shops.generation(2, List.of(DAILY, schedule("new", true))));
        app.hear(new Event.Reload(app.now(), 2, ""));
        while (app.state().reload() != null) {
            turn();
            app.settle();
            app.state().slots().forEach(slot -> slot.leaving().forEach(life -> app.exit(life.number(), 0, 0, 1)));
            app.pass(java.time.Duration.ofSeconds(1));
        }
        maps.clear();
        assertThat(app.state().generation()).isEqualTo(2);
        assertThat(turn()).last().asString().endsWith(" [daily, new]");
        assertThat(maps)
                .filteredOn(map -> "daily".equals(map.get("name")))
                .allSatisfy(map -> assertThat(map).containsEntry("since", since));
    }

    @Test
    void nobodyIsToldWhereThereAreNone() {
        TimeDesk idle = new TimeDesk(new Generations(Shops.generation(1), _ -> {}), this::tell);
        app.settle();
        idle.turned(app.state());
        assertThat(told).isEmpty();
        assertThat(idle.of(app.state(), 0)).isEmpty();
    }
}
