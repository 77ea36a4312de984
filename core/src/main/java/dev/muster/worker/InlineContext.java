package dev.muster.worker;

import dev.muster.board.BoardSlot;
import dev.muster.message.Post;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/// A user process as its own code sees it where the whole application is one JVM. What concerns a process of its own
/// has no effect, and is said once in its life: title, affinity, priority, and signals other than TERM. The action for
/// TERM runs when the slot is asked to stop.
///
/// **Threads:** safe for use by many threads. **Lifetime:** that of the slot's life.
final class InlineContext extends UserProcessContext {
    private static final Set<String> NEVER_ARRIVE =
            Set.of("INT", "HUP", "USR1", "ALRM", "CONT", "URG", "WINCH", "TTIN", "TTOU", "PWR");

    private final StopRequest stop;
    private final AtomicReference<Runnable> onTerm = new AtomicReference<>(() -> {});
    private final Set<String> said = ConcurrentHashMap.newKeySet();

    InlineContext(
            Duty duty,
            long limitNanos,
            BoardSlot slot,
            StopRequest stop,
            WayOut departure,
            RunPermit permit,
            Post post) {
        super(duty, limitNanos, slot, stop, departure, permit, post);
        this.stop = stop;
        stop.onStop(() -> Thread.ofVirtual().name(duty.name() + "-TERM").start(() -> attempt("TERM", onTerm.get())));
    }

    @Override
    public void onSignal(String signal, Runnable action) {
        String upper = signal.toUpperCase(Locale.ROOT);
        String plain = upper.startsWith("SIG") ? upper.substring(3) : upper;
        if (plain.equals("TERM")) {
            onTerm.set(action);
            if (stop.asked()) {
                attempt(plain, action);
            }
        } else if (NEVER_ARRIVE.contains(plain)) {
            noEffect("onSignal(" + plain + ")", "signals reach the one JVM, not a slot; only TERM is told, at a stop");
        } else {
            throw refused(signal);
        }
    }

    @Override
    public void title(String title) {
        noEffect("title", "the slot has no process of its own");
    }

    @Override
    public void affinity(int... cpus) {
        noEffect("affinity", "it would bind the threads of all slots");
    }

    @Override
    public void priority(int nice) {
        noEffect("priority", "it would hold for the threads of all slots");
    }

    private void noEffect(String what, String why) {
        if (said.add(what)) {
            System.getLogger("dev.muster.worker")
                    .log(Level.WARNING, name() + ": " + what + " has no effect inline: " + why);
        }
    }
}
