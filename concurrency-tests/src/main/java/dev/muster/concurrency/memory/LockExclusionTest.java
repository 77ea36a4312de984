package dev.muster.concurrency.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Places;
import dev.muster.memory.SharedLock;
import java.time.Duration;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// Plain fields that a lock guards. Both threads wait for it.
@JCStressTest
@Description("Two threads add 1 to a plain field under a lock.")
@Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "The first had the lock first.")
@Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "The second had the lock first.")
@Outcome(
        id = "1, 1",
        expect = FORBIDDEN,
        desc = "Both held the lock, or the second holder did not see what the first had written.")
@Outcome(expect = FORBIDDEN, desc = "The lock was not given back in ten seconds, or something that nobody wrote.")
@State
public class LockExclusionTest {

    private static final List<SharedLock> LOCKS = Application.locks("exclusion-", Places.COUNT);

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
        try (SharedLock.Hold _ = lock.tryLock(Duration.ofSeconds(10)).orElseThrow()) {
            plain++;
            return plain;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
