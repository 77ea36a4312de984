package dev.muster.supervise;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The single thread that owns all supervision state. Events come in from everywhere; each is decided by [Supervisor],
/// and what it decides is performed here, in order, before the next event is looked at. Nothing on this thread blocks.
///
/// **Threads:** [#post] and [#execute] from any thread; everything else on the loop.
final class MasterLoop {
    /// Performs effects and looks at the board, on the loop.
    interface Hands {
        void perform(Effect effect);

        /// Observations of all live slots, made once in a tick.
        List<Event> look(SupervisorState state);

        /// Something on the loop failed; the loop goes on.
        ///
        /// @param why also an error: where threads or memory are short, the loop must outlive that
        void failed(Object what, Throwable why);
    }

    /// Somebody who waits until the state is as wished.
    ///
    /// @param until instant at which the waiting is given up
    /// @param done told true when it is as wished, false when it was given up
    private record Waiter(Predicate<SupervisorState> wish, long until, Answer done) {}

    /// The end of a wait.
    interface Answer {
        void end(boolean asWished);
    }

    private final LinkedBlockingQueue<Object> inbox = new LinkedBlockingQueue<>();
    private final List<Waiter> waiters = new ArrayList<>();
    private @Nullable TraceFile trace;
    private SupervisorState state;
    private long nextLook;
    private Effect.@Nullable Leave leave;
    private Consumer<SupervisorState> afterTurn = _ -> {};

    MasterLoop(SupervisorState beginning, @Nullable TraceFile trace) {
        state = beginning;
        this.trace = trace;
        nextLook = beginning.now();
    }

    void post(Event event) {
        inbox.add(event);
    }

    /// Runs something on the loop.
    void execute(Runnable work) {
        inbox.add(work);
    }

    SupervisorState state() {
        return state;
    }

    void await(Predicate<SupervisorState> wish, long nanos, Answer done) {
        waiters.add(new Waiter(wish, System.nanoTime() + nanos, done));
    }

    /// Who is shown the state at the end of each turn, on the loop, and at least once in a tick.
    void afterTurn(Consumer<SupervisorState> observer) {
        afterTurn = observer;
    }

    /// Runs until the supervisor decides that the master is to leave.
    Effect.Leave run(Hands hands) {
        Effect.Leave end = null;
        while (end == null) {
            long wake = Math.min(nextLook, state.nextWake());
            Object next = next(wake - System.nanoTime());
            if (next != null) {
                handle(next, hands);
            }
            long now = System.nanoTime();
            if (now >= nextLook) {
                nextLook = now + state.limits().tick();
                look(hands);
            }
            if (System.nanoTime() >= state.nextWake()) {
                handle(new Event.Tick(System.nanoTime()), hands);
            }
            afterTurn(hands);
            answer(hands);
            end = leave;
        }
        for (Waiter waiter : waiters) {
            answer(waiter, waiter.wish().test(state), hands);
        }
        return end;
    }

    private void look(Hands hands) {
        List<Event> all = List.of();
        try {
            all = hands.look(state);
        } catch (Throwable e) {
            hands.failed("a look at the processes", e);
        }
        for (Event seen : all) {
            handle(seen, hands);
        }
    }

    private void afterTurn(Hands hands) {
        try {
            afterTurn.accept(state);
        } catch (Throwable e) {
            hands.failed("the end of a turn", e);
        }
    }

    private @Nullable Object next(long nanos) {
        try {
            return nanos <= 0 ? inbox.poll() : inbox.poll(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Nobody has a reason to interrupt the loop; if it happens all the same, supervision goes on.
            return null;
        }
    }

    /// One bad event, effect or command must not end supervision.
    private void handle(Object what, Hands hands) {
        try {
            if (what instanceof Event event) {
                decide(event, hands);
            } else {
                ((Runnable) what).run();
            }
        } catch (Throwable e) {
            hands.failed(what, e);
        }
    }

    private void decide(Event event, Hands hands) {
        Decision decision = Supervisor.decide(state, event);
        state = decision.state();
        record(event, decision);
        for (Effect effect : decision.effects()) {
            if (effect instanceof Effect.Leave end) {
                leave = end;
            }
            try {
                hands.perform(effect);
            } catch (Throwable e) {
                hands.failed(effect, e);
            }
        }
    }

    /// A trace that cannot be written any more must not cost a decision.
    private void record(Event event, Decision decision) {
        TraceFile open = trace;
        if (open != null) {
            try {
                open.write(event, decision);
            } catch (UncheckedIOException e) {
                trace = null;
                System.err.println("muster: " + e + "; the trace ends here");
            }
        }
    }

    private void answer(Hands hands) {
        long now = System.nanoTime();
        for (Iterator<Waiter> all = waiters.iterator(); all.hasNext(); ) {
            Waiter waiter = all.next();
            boolean asWished = waiter.wish().test(state);
            if (asWished || now >= waiter.until()) {
                all.remove();
                answer(waiter, asWished, hands);
            }
        }
    }

    private static void answer(Waiter waiter, boolean asWished, Hands hands) {
        try {
            waiter.done().end(asWished);
        } catch (Throwable e) {
            hands.failed("the end of a wait", e);
        }
    }
}
