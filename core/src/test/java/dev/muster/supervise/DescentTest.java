package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.os.Identity;
import dev.muster.os.ProcStat;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who belongs to whom, in invented tables: process 1 is the init, 10 a shell, 20 the master in the shell's session.
@Timeout(20)
class DescentTest {
    private static final Set<Integer> SPARED = Set.of(1, 10, 20, 30);

    private final Map<Integer, ProcStat> table = new HashMap<>();

    private DescentTest add(int pid, int ppid, int pgrp, int session) {
        table.put(pid, new ProcStat("p" + pid, 'S', ppid, pgrp, session, 0, 1, pid, 0));
        return this;
    }

    private DescentTest household() {
        return add(1, 0, 1, 1)
                .add(2, 0, 0, 0)
                .add(10, 1, 10, 10)
                .add(20, 10, 20, 10)
                .add(30, 20, 30, 10)
                .add(11, 10, 11, 10);
    }

    @Test
    void descendantsOfAllDegreesBelong() {
        household().add(40, 20, 25, 10).add(41, 40, 25, 10).add(42, 41, 25, 10);
        assertThat(Descent.of(table, Set.of(40), SPARED)).containsExactlyInAnyOrder(40, 41, 42);
    }

    @Test
    void aSessionOfTheirsBelongsAlthoughItsLeaderIsGone() {
        household().add(40, 20, 39, 39).add(41, 1, 41, 39).add(42, 41, 42, 42);
        assertThat(Descent.of(table, Set.of(40), SPARED)).containsExactlyInAnyOrder(40, 41, 42);
    }

    @Test
    void theSessionOfTheMasterAndTheGroupOfANeighbourSayNothing() {
        household().add(40, 20, 30, 10).add(31, 30, 30, 10);
        assertThat(Descent.of(table, Set.of(40), SPARED)).containsExactly(40);
    }

    @Test
    void kernelThreadsShareNoGroup() {
        household().add(40, 20, 0, 0);
        assertThat(Descent.of(table, Set.of(40), SPARED)).containsExactly(40);
    }

    @Test
    void theSparedStayEvenAsRoots() {
        household();
        assertThat(Descent.of(table, Set.of(30), SPARED)).isEmpty();
    }

    @Test
    void theLineOfAProcessGoesToTheTop() {
        household();
        assertThat(Descent.lineOf(table, 20)).containsExactlyInAnyOrder(20, 10, 1);
    }

    @Test
    void aMarkIsReadAsItIsWritten() {
        LifeMark mark = new LifeMark("0123456789abcdef", new Identity(4711, 99), 3, 12);
        assertThat(mark.text()).isEqualTo("0123456789abcdef.4711.99.3.12");
        assertThat(LifeMark.parse(mark.text())).hasValue(mark);
        assertThat(LifeMark.parse("0123456789abcdef.4711.99.3")).isEmpty();
        assertThat(LifeMark.parse("0123456789ABCDEF.4711.99.3.12")).isEmpty();
    }
}
