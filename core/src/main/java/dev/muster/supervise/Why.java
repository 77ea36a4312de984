package dev.muster.supervise;

import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/// Says why a slot is in the state that it is in, and what comes next. Pure.
final class Why {
    private static final long MS = 1_000_000;

    private Why() {}

    static String of(SupervisorState state, int number, long now) {
        Slot slot = state.slots().get(number);
        StringJoiner text = new StringJoiner("\n");
        Life present = slot.present();
        String head = slot.spec().name() + " is " + slot.state() + " for "
                + (now - (present == null ? slot.rest().since() : present.since())) / MS + " ms";
        text.add(head + ": " + (present == null ? empty(state, slot, now) : process(slot, present, now)));
        if (slot.paused()) {
            text.add("it is paused: it takes up no work until muster resume "
                    + slot.spec().group());
        }
        if (present != null && slot.generation() != state.generation()) {
            text.add("it runs the code of generation " + slot.generation() + ", the application has generation "
                    + state.generation() + (slot.spec().traits().reloadable() ? "" : " (reloadable = false)"));
        }
        if (present != null && !present.stall().isEmpty()) {
            text.add("it is stalled: " + present.stall());
        }
        Life heir = slot.heir();
        if (heir != null) {
            text.add("its replacement (pid " + heir.pid() + ", generation " + heir.generation() + ") is "
                    + heir.state());
        }
        for (Life life : slot.leaving()) {
            text.add("pid " + life.pid() + ", which had its place, is " + life.state() + reason(life));
        }
        Reload reload = state.reload();
        if (reload != null && reload.concerns(slot)) {
            text.add(reload.undone() ? "a reload is being undone: " + reload.failure() : "a reload is under way");
        }
        recycling(slot, present, text);
        Slot.History history = slot.history();
        if (history.failures() > 0) {
            text.add(history.failures() + " deaths in a row without finished work, "
                    + history.past().at().size() + " of them within 60 s; from " + Backoff.INTENSITY
                    + " on it is in quarantine");
        }
        return text.toString();
    }

    private static String empty(SupervisorState state, Slot slot, long now) {
        long left = (slot.rest().deadline() - now) / MS;
        return switch (slot.rest().state()) {
            case STOPPED ->
                state.phase() == SupervisorState.Phase.RUNNING
                        ? "it was stopped by an order, by scaling, or by its own restart policy ("
                                + slot.spec().restart() + "); muster restart starts it"
                        : "the application is " + state.phase();
            case QUARANTINE -> "it died too often; the next try is in " + left + " ms, muster restart tries at once";
            default ->
                state.budget().available()
                        ? "the next process is spawned in " + left + " ms"
                        : "too many processes were spawned of late; the next may come in " + left + " ms";
        };
    }

    private static String process(Slot slot, Life life, long now) {
        String left = life.deadline() == 0 ? "" : " within " + (life.deadline() - now) / MS + " ms";
        String what = switch (life.state()) {
            case SPAWNING -> "the system was asked for a process";
            case STARTING -> "the process must say its first word" + left;
            case BOOTING -> "it must be ready" + left;
            case READY ->
                slot.spec().spare()
                        ? "it waits to take over a process of " + slot.spec().group()
                        : life.activated() && !slot.paused()
                                ? "it must take up its work" + left
                                : "it is given no work";
            case RUNNING -> "it works, or waits for work";
            case SUSPECT -> life.pulse().missed() + " observations have shown no beat";
            case STUCK -> "it hangs, evidence is being taken, it is killed" + left;
            case DRAINING ->
                life.cause() != null
                        ? "its other tasks may end first, then it is killed" + left
                        : life.order() == Life.Order.NONE
                                ? "it takes up no more work and ends by its own will" + left
                                : "it was told to finish its work" + left;
            case TERMINATING -> "it was sent SIGTERM or ends by itself; it is killed if it lives" + left;
            case KILLING -> "it was sent SIGKILL";
            case UNKILLABLE -> "it was sent SIGKILL and still exists: the kernel holds it (state D?)";
            case STOPPED, BACKOFF, QUARANTINE -> "";
        };
        return what + reason(life);
    }

    private static String reason(Life life) {
        Condemnation cause = life.cause();
        if (cause != null) {
            return " (" + cause.text() + ")";
        }
        return life.order() == Life.Order.NONE ? "" : " (ordered: " + life.order() + ")";
    }

    private static void recycling(Slot slot, @Nullable Life present, StringJoiner text) {
        Recycling limits = slot.spec().traits().recycling();
        if (present == null) {
            return;
        }
        Life.Footprint print = present.footprint();
        if (print.memory() != 0) {
            text.add("private memory " + print.memory() + " bytes (" + print.baseline()
                    + " when it had booted), its collector used " + print.gcPercent() + " % of a processor");
        }
        if (Recycler.refused(limits, print.baseline())) {
            text.add("it is not recycled by memory: the limit of " + limits.memory()
                    + " bytes lies under what it needs when it has just booted, and a tenth more");
        }
    }
}
