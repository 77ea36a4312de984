package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;

/// Runs a master's loop on the thread of a test. Nothing that it decides is performed.
final class LoopOfTest implements MasterLoop.Hands {
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final long LONGEST = 15_000_000_000L;

    private LoopOfTest() {}

    /// Until everything that was asked for by now has been done, and what follows from it at once.
    static void run(MasterLoop loop) {
        loop.execute(() -> end(loop));
        runUntilFailure(loop);
    }

    /// Until something on it fails.
    static void runUntilFailure(MasterLoop loop) {
        // Nobody can interrupt a loop.
        loop.await(_ -> false, LONGEST, _ -> {
            throw new IllegalStateException("nothing has ended the loop");
        });
        assertThatThrownBy(() -> loop.run(new LoopOfTest())).isInstanceOf(Enough.class);
    }

    /// Ends [#runUntilFailure] when everything before it is done.
    static void end(MasterLoop loop) {
        loop.execute(() -> {
            throw new Enough();
        });
    }

    @Override
    public void perform(Effect effect) {}

    @Override
    public List<Event> look(SupervisorState state) {
        return List.of();
    }

    @Override
    public void failed(Object what, Throwable why) {
        if (why instanceof Enough enough) {
            throw enough;
        }
        throw new AssertionError("at " + what, why);
    }
}
