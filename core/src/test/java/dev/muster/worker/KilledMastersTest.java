package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.board.Incarnation;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.task.Broker.CrashPolicy.Terms;
import dev.muster.task.Coordination.Lease;
import dev.muster.task.OnCrash;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class KilledMastersTest {
    private static final String BOOT = Incarnation.self().boot();
    private static final String HERE = Incarnation.self().namespace();
    private static final String FIRST = BOOT + "-4194304-1-" + HERE + "0001";
    private static final String SECOND = BOOT + "-4194304-1-" + HERE + "0002";
    private static final String ELSEWHERE = HERE.equals("abcd") ? "dcba" : "abcd";

    private final MemoryBroker broker = new MemoryBroker();
    private final KilledMasters masters = new KilledMasters(
            new DeadWorker(DeadWorker.EVERYBODY, "", Verdict.CRASH, "", List.of(), false, "gone", ""),
            _ -> new Terms(OnCrash.RETRY, null, Duration.ZERO));

    private List<String> reclaimed() {
        return broker.reclaimed.stream().map(DeadWorker::incarnation).toList();
    }

    @Test
    void whoIsDeadAtTwoLooksIsGivenBack() {
        broker.owners.add(FIRST);
        var _ = masters.look(broker);
        assertThat(reclaimed()).isEmpty();
        broker.owners.add(SECOND);

        var _ = masters.look(broker);

        assertThat(reclaimed()).containsExactly(FIRST);
    }

    @Test
    void whoseOwnMasterWasQuickerIsLeftToIt() {
        broker.owners.add(FIRST);
        var _ = masters.look(broker);
        broker.owners.remove(FIRST);
        var _ = masters.look(broker);
        broker.owners.add(FIRST);

        var _ = masters.look(broker);

        assertThat(reclaimed()).isEmpty();
    }

    @Test
    void whoIsInAnotherContainerIsAliveWhileItsNodeIsPresent() {
        broker.owners.add(BOOT + "-4194304-1-" + ELSEWHERE + "0001");
        String node = "node/web-1-" + BOOT + "-" + ELSEWHERE + "-1-4711";
        Lease present = broker.coordination
                .lease(node, "web-1", "", Duration.ofHours(1))
                .orElseThrow();
        var _ = masters.look(broker);
        var _ = masters.look(broker);
        assertThat(reclaimed()).isEmpty();

        broker.coordination.release(present);
        var _ = masters.look(broker);
        var _ = masters.look(broker);

        assertThat(reclaimed()).hasSize(1);
    }

    @Test
    void whoLivesAndWhoIsNoWorkerOfOursKeepTheirs() {
        broker.owners.add(Incarnation.self().text());
        broker.owners.add("a consumer of somebody else");
        var _ = masters.look(broker);

        var _ = masters.look(broker);

        assertThat(reclaimed()).isEmpty();
    }
}
