package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.ExitReason;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.control.Message;
import dev.muster.control.Message.Verdict;
import dev.muster.scan.ProcessMap;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which worker is told what happens to the application.
@Timeout(30)
class ListenerDeskTest {
    private final List<String> told = new ArrayList<>();
    private final Generations generations = new Generations(generation(1, "shop.Ears"), _ -> {});
    /// The lives are numbered as the slots, from 1.
    private final History app = History.of(
            ChildSpec.of(0, Role.CONSOLE, "console", RestartPolicy.ALWAYS),
            ChildSpec.of(1, Role.USER, "Ticker", RestartPolicy.ALWAYS),
            ChildSpec.of(2, Role.POOL, "hands", RestartPolicy.ALWAYS),
            ChildSpec.of(3, Role.TASK, "task", RestartPolicy.ALWAYS),
            ChildSpec.of(4, Role.WEB, "web", RestartPolicy.ALWAYS));
    private final ListenerDesk desk = new ListenerDesk(generations, app.state(), this::tell, _ -> {});
    private final Roster roster =
            new Roster(List.of(Shops.user("Ticker", 2, true), Shops.pool("hands", 1)), Shops.settings(), "");

    private static Generation generation(int number, String... listeners) {
        Generation plain = Shops.generation(number);
        ProcessMap map = new ProcessMap("shop.Shop", List.of(), List.of(), List.of(), List.of(listeners), List.of());
        return new Generation(number, plain.snapshot(), plain.settings(), map);
    }

    private void tell(int life, Message.Announcement message) {
        told.add(life + " "
                + switch (message) {
                    case Message.Announce announced -> announced.occasion().name();
                    case Message.AnnounceFailure announced ->
                        announced.failure().toString();
                });
        desk.told(message.number());
    }

    private List<String> turn() {
        told.clear();
        desk.turned(app.state());
        return List.copyOf(told);
    }

    private static Effect.Bury end(int slot, ExitReason reason, int code, int signal) {
        return new Effect.Bury(slot, 1, 101, reason, "", code, signal, 0, "", Verdict.CRASH, "", true, false);
    }

    @Test
    void aPoolWorkerIsTheLastChoiceAWebWorkerTheFirst() {
        assertThat(turn()).as("they boot").isEmpty();
        app.boot(3);
        app.takeUp();
        assertThat(turn()).containsExactly("3 START");
        app.boot(4);
        app.takeUp();
        desk.reloaded(generations.get(1));
        assertThat(turn()).containsExactly("4 RELOAD");
        app.settle();
        desk.reloaded(generations.get(1));
        assertThat(turn()).containsExactly("5 RELOAD");
        app.hear(new Event.PauseSet(app.now(), "web", true));
        app.hear(new Event.Quieted(app.now(), 5));
        desk.reloaded(generations.get(1));
        assertThat(turn()).as("it rests, and hears").containsExactly("5 RELOAD");
    }

    @Test
    void theStopIsToldBeforeTheOneWhoIsToldHasToEnd() {
        app.settle();
        assertThat(turn()).containsExactly("5 START");
        for (int life = 2; life <= 4; life++) {
            app.hear(new Event.StopSlot(app.now(), life - 1));
            app.exit(life, 0, 0, 1);
        }
        assertThat(turn()).isEmpty();
        app.forget();
        app.hear(new Event.StopAll(app.now(), false));
        assertThat(app.stateOf(4)).as("in the same turn").isEqualTo(SlotState.DRAINING);
        assertThat(app.all(Effect.class).getFirst()).isEqualTo(new Effect.StopBegun());
        told.clear();
        desk.stopping();
        assertThat(told).containsExactly("5 SHUTDOWN");
    }

    @Test
    void onlyEndsThatNobodyOrderedAreFailures() {
        app.settle();
        assertThat(turn()).containsExactly("5 START");
        for (ExitReason reason : List.of(ExitReason.CLEAN, ExitReason.REQUESTED, ExitReason.RECYCLE)) {
            desk.ended(roster.place(1), end(1, reason, 0, 0));
        }
        assertThat(turn()).isEmpty();
        desk.ended(roster.place(1), end(1, ExitReason.SIGNAL, -1, 9));
        desk.ended(roster.place(2), end(2, ExitReason.ERROR, 3, 0));
        assertThat(turn())
                .containsExactly(
                        "5 WorkerFailure[slot=1, role=USER, name=Ticker#2, pid=101, reason=SIGNAL, code=-1, signal=9]",
                        "5 WorkerFailure[slot=2, role=POOL, name=hands, pid=101, reason=ERROR, code=3, signal=0]");
    }

    @Test
    void nobodyIsToldWhereNobodyListens() {
        ListenerDesk idle = new ListenerDesk(new Generations(generation(1), _ -> {}), app.state(), this::tell, _ -> {});
        app.settle();
        idle.turned(app.state());
        idle.stopping();
        idle.ended(roster.place(1), end(1, ExitReason.SIGNAL, -1, 9));
        idle.turned(app.state());
        assertThat(told).isEmpty();
    }
}
