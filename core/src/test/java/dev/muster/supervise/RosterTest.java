package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.RestartPolicy;
import dev.muster.supervise.ChildSpec.Traits;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Which slot runs what.
@Timeout(10)
class RosterTest {
    private static List<String> names(Roster roster) {
        return roster.places().stream().map(Roster.Place::name).toList();
    }

    @Test
    void sparesStandBehindAllOthersAndWhatIsAddedBehindThose() {
        Roster roster = new Roster(
                List.of(Shops.pool("hands", 2), Shops.user("Clock", 1, true)), Shops.settings("spares.pool=1"), "");
        assertThat(names(roster)).containsExactly("hands#1", "hands#2", "Clock", "hands~1");
        assertThat(roster.place(3).spec().spare()).isTrue();
        assertThat(roster.place(3).spec().restart()).isEqualTo(RestartPolicy.ALWAYS);
        assertThat(roster.add(Shops.user("Clock", 1, true)).name()).isEqualTo("Clock#2");
        assertThat(roster.add(Shops.pool("hands", 2)).name()).isEqualTo("hands#3");
        assertThat(roster.instances("hands")).hasSize(3);
        assertThat(roster.size()).isEqualTo(6);
        assertThat(roster.names()).endsWith("3 hands~1, 4 Clock#2, 5 hands#3");
    }

    @Test
    void wordsMeanSlotsAndGroups() {
        Roster roster =
                new Roster(List.of(Shops.pool("hands", 2), Shops.pool("feet", 1)), Shops.settings("spares.pool=1"), "");
        assertThat(roster.find("hands")).containsExactly(0, 1);
        assertThat(roster.find("hands#2")).containsExactly(1);
        assertThat(roster.find("hands~1")).as("a spare by its own name").containsExactly(3);
        assertThat(roster.find("2")).containsExactly(2);
        assertThat(roster.find("9")).isEmpty();
        assertThat(roster.groups("pool")).containsOnlyKeys("hands", "feet");
        assertThat(roster.groups("feet")).containsOnlyKeys("feet");
        assertThat(roster.groups("hands#1")).isEmpty();
        assertThat(roster.unknown("arms"))
                .startsWith("there is no role and no declaration 'arms'")
                .endsWith("hands~1, 4 feet~1");
        assertThat(roster.unknown("web")).endsWith("; web workers are started where server.port is set");
    }

    @Test
    void whatADebuggerMayHoldIsNeitherRecycledNorReloaded() {
        Roster roster = new Roster(
                List.of(Shops.pool("hands", 1), Shops.pool("feet", 1)),
                Shops.settings("recycle.pool.units=100"),
                "feet");
        Traits free = roster.place(0).spec().traits();
        assertThat(free.debugged()).isFalse();
        assertThat(free.recycling().units()).isEqualTo(100);
        Traits held = roster.place(1).spec().traits();
        assertThat(held.debugged()).isTrue();
        assertThat(held.reloadable()).isFalse();
        assertThat(held.recycling()).isEqualTo(Recycling.NONE);
        Roster byNumber = new Roster(List.of(Shops.pool("hands", 1)), Shops.settings(), "0");
        assertThat(byNumber.place(0).spec().traits().debugged()).isTrue();
    }

    @Test
    void aNewerDeclarationChangesPolicyAndNotWhoTheSlotIs() {
        Roster roster = new Roster(List.of(Shops.user("Clock", 1, true)), Shops.settings(), "");
        assertThat(roster.place(0).spec().restart()).isEqualTo(RestartPolicy.ON_FAILURE);
        Roster.Place changed = roster.redeclare(roster.place(0), Shops.user("Clock", 3, false));
        assertThat(changed.name()).isEqualTo("Clock");
        assertThat(changed.spec().traits().reloadable()).isFalse();
        assertThat(roster.place(0)).isEqualTo(changed);
        Generation other = Shops.generation(2, Shops.user("Other", 1, true));
        assertThat(roster.place(0).of(other).declaration())
                .as("a generation without it: as before")
                .isEqualTo(changed.declaration());
    }
}
