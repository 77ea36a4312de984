package dev.muster.memory;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.muster.concurrency.Places;
import dev.muster.os.Words;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Description;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/// The order of a wake-up: who waits announces itself and then looks once more; who changes something does so and then
/// looks whether somebody sleeps. Without full fences on both sides each could miss the other.
///
/// The waiter does not sleep here: it says whether it would, and afterwards it is seen whether its sleep would have
/// ended.
@JCStressTest
@Description("One thread announces a wait and looks once more, another one changes what is waited for and wakes.")
@Outcome(
        id = "1, 1",
        expect = ACCEPTABLE,
        desc = "The waiter found the change in its last look; it has announced itself before, and was woken too.")
@Outcome(
        id = "1, 0",
        expect = ACCEPTABLE,
        desc = "The waiter found the change, which was complete before it announced itself.")
@Outcome(
        id = "0, 1",
        expect = ACCEPTABLE,
        desc = "The waiter would sleep, and the count has moved since it read it: the sleep ends at once, or does not"
                + " begin.")
@Outcome(id = "0, 0", expect = FORBIDDEN, desc = "The waiter would sleep and nobody wakes it: the wake-up is lost.")
@Outcome(expect = FORBIDDEN, desc = "Something that nobody wrote.")
@State
public class WaitWordTest {

    private static final int BLOCK = 128;
    private static final int CHANGED = 64;
    private static final MemorySegment MEMORY = Arena.global().allocate((long) Places.COUNT * BLOCK, BLOCK);

    private final long at = (long) Places.index(Places.next()) * BLOCK;
    private final WaitWord word = new WaitWord(MEMORY, at);
    private int ticket;

    /// Nobody waits, nothing has changed.
    public WaitWordTest() {
        MEMORY.asSlice(at, BLOCK).fill((byte) 0);
    }

    /// Waits.
    @Actor
    public void waiter(II_Result r) {
        ticket = word.ticket();
        word.announce();
        r.r1 = Words.getInt(MEMORY, at + CHANGED);
    }

    /// Changes and wakes, as `Counter.set` does.
    @Actor
    public void waker() {
        Words.setIntVolatile(MEMORY, at + CHANGED, 1);
        word.wake();
    }

    /// Looks whether the sleep would end.
    @Arbiter
    public void arbiter(II_Result r) {
        r.r2 = word.ticket() == ticket ? 0 : 1;
    }
}
