package dev.muster.system.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.apps.Ledger.Entry;
import dev.muster.system.ledger.Judge.Kept;
import dev.muster.system.ledger.Judge.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Forged ledgers and stores: each lie is noticed, and nothing that is as promised is complained of.
class JudgeTest {
    private static final long ONE = 101;
    private static final long TWO = 102;

    private final Map<String, String> accepted = new HashMap<>(Map.of("a", Judge.DONE));
    private final Map<String, Kept> store = new HashMap<>();
    private final List<Entry> ledger = new ArrayList<>();
    private final Set<Long> dead = new HashSet<>();
    private final Map<Long, Integer> frozen = new HashMap<>();

    private void line(long pid, String text) {
        ledger.add(new Entry(ledger.size(), pid, text));
    }

    private void whole(long pid, String id, long token) {
        line(pid, "started " + id + " " + token);
        line(pid, "finished " + id + " " + token);
    }

    private Verdict verdict() {
        return Judge.judge(accepted, ledger, store, dead::contains, frozen);
    }

    private void assertComplaint(String part) {
        assertThat(verdict().complaints()).anyMatch(complaint -> complaint.contains(part));
    }

    @Test
    void aTaskThatWasStartedAndFinishedOnceIsAsItMustBe() {
        whole(ONE, "a", 1);
        assertThat(verdict()).isEqualTo(new Verdict(0, 0, 0, 0, List.of()));
    }

    @Test
    void aTaskThatWasNeverStartedIsLost() {
        assertThat(verdict().lost()).isEqualTo(1);
        assertComplaint("a was never started");
    }

    @Test
    void aTaskThatIsDoneInTheStoreButNeverFinishedIsLost() {
        line(ONE, "started a 1");
        assertThat(verdict().lost()).isEqualTo(1);
        assertComplaint("has no end");
    }

    @Test
    void aTaskThatTheStoreStillHoldsIsLost() {
        whole(ONE, "a", 1);
        store.put("a", new Kept("RUNNING", "", ""));
        assertThat(verdict().lost()).isEqualTo(1);
        assertComplaint("came to no end: it is RUNNING");
    }

    @Test
    void aDeadLetterWithAnotherReasonIsNoticed() {
        accepted.put("a", "CRASHED");
        line(ONE, "started a 1");
        store.put("a", new Kept("DEAD", "FAILED", ""));
        assertThat(verdict().lost()).isZero();
        assertComplaint("should be CRASHED and is FAILED");
    }

    @Test
    void aStartThatIsRepeatedAfterADeathIsAllowed() {
        line(ONE, "started a 1");
        whole(TWO, "a", 2);
        store.put("a", new Kept("DONE", "", "2"));
        dead.add(ONE);
        assertThat(verdict()).isEqualTo(new Verdict(0, 1, 1, 1, List.of()));
    }

    @Test
    void aStartThatIsRepeatedWithoutADeathIsNoticed() {
        whole(ONE, "a", 1);
        whole(TWO, "a", 2);
        assertThat(verdict().extra()).isEqualTo(1);
        assertComplaint("process 101 lives");
    }

    @Test
    void aStartThatIsRepeatedLongAfterItsEndWasDueInTheStoreIsNoticed() {
        whole(ONE, "a", 1);
        for (int i = 0; i < Judge.UNSTORED; i++) {
            accepted.put("b" + i, Judge.DONE);
            whole(ONE, "b" + i, 1);
        }
        whole(TWO, "a", 2);
        dead.add(ONE);
        assertComplaint("not only the last 257 starts of 101");
    }

    @Test
    void aTaskThatFinishesTwiceUnderOneTokenIsNoticed() {
        whole(ONE, "a", 1);
        line(ONE, "finished a 1");
        assertComplaint("twice under one token");
    }

    @Test
    void aTaskThatStartsTwiceUnderOneTokenIsNoticed() {
        line(TWO, "started a 1");
        whole(ONE, "a", 1);
        assertComplaint("twice under one token");
    }

    @Test
    void anEndWithoutAStartIsNoticed() {
        line(ONE, "finished a 1");
        assertComplaint("finished without a start");
    }

    @Test
    void aTaskThatNobodyHasAcceptedIsNoticed() {
        whole(ONE, "a", 1);
        whole(ONE, "b", 1);
        assertComplaint("b was never accepted");
    }

    @Test
    void aLateEndOfAFrozenProcessIsAllowedIfTheStoreRefusesIt() {
        line(ONE, "started a 1");
        whole(TWO, "a", 2);
        line(ONE, "finished a 1");
        store.put("a", new Kept("DONE", "", "2"));
        frozen.put(ONE, 1);
        assertThat(verdict()).isEqualTo(new Verdict(0, 1, 1, 0, List.of()));
    }

    @Test
    void aLateEndThatTheStoreHasAcceptedIsNoticed() {
        line(ONE, "started a 1");
        whole(TWO, "a", 2);
        line(ONE, "finished a 1");
        store.put("a", new Kept("DONE", "", "1"));
        frozen.put(ONE, 1);
        assertComplaint("stale token 1");
    }

    @Test
    void moreRepeatedStartsThanAFrozenProcessHadClaimsAreNoticed() {
        accepted.put("b", Judge.DONE);
        line(ONE, "started a 1");
        line(ONE, "started b 1");
        whole(TWO, "a", 2);
        whole(TWO, "b", 2);
        frozen.put(ONE, 1);
        assertComplaint("2 starts of 101 were repeated, allowed are 1");
    }
}
