package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Places;
import dev.muster.memory.SharedLock;
import java.util.List;
import java.util.Optional;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// Plain fields that a lock guards. Nobody waits for it.
@JCStressTest
@Description("Two threads add 1 to a plain field if the lock is free.")
@Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "The first had given it back when the second came.")
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "The second had given it back when the first came.")
@Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "The first held it when the second came.")
@Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "The second held it when the first came.")
@Outcome(id = "0, 0", expect = FORBIDDEN, desc = "Nobody had it, although one of them came first.")
@Outcome(
        id = "1, 1",
        expect = FORBIDDEN,
        desc = "Both held the lock, or the second holder did not see what the first had written.")
@Outcome(expect = FORBIDDEN, desc = "Something that nobody wrote.")
@State
public class LockTryTest {

    private static final List<SharedLock> LOCKS = Application.locks("try-", Places.COUNT);

    private final SharedLock lock = LOCKS.get(Places.index(Places.next()));
    private int plain;

    /// Adds 1.
    @Actor
    public void first(II_Result r) {
        r.r1 = addOne();
    }

    /// Adds 1 too.
    @Actor
    public void second(II_Result r) {
        r.r2 = addOne();
    }

    private int addOne() {
        Optional<SharedLock.Hold> hold = lock.tryLock();
        if (hold.isEmpty()) {
            return 0;
        }
        try (SharedLock.Hold _ = hold.get()) {
            plain++;
            return plain;
        }
    }
}
