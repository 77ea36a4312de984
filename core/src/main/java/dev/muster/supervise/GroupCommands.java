package dev.muster.supervise;

import dev.muster.control.ExitCode;
import dev.muster.scan.Declaration;
import java.util.List;
import java.util.Map;

/// What an operator orders for all processes of a declaration.
///
/// **Threads:** belongs to the master's loop.
final class GroupCommands {
    private static final int MOST = 1_000;
    private static final long PATIENCE = 20_000_000_000L;

    private final MasterLoop loop;
    private final Roster roster;

    GroupCommands(MasterLoop loop, Roster roster) {
        this.loop = loop;
        this.roster = roster;
    }

    void scale(Caller caller, Map<String, String> options) {
        String word = options.getOrDefault("group", "");
        Map<String, Declaration> found = roster.groups(word);
        if (found.size() != 1) {
            caller.reply(ExitCode.FAILED, refusal(word, found));
            return;
        }
        int instances;
        try {
            instances = Integer.parseInt(options.getOrDefault("instances", ""));
        } catch (NumberFormatException _) {
            instances = -1;
        }
        if (instances < 0 || instances > MOST) {
            caller.reply(
                    ExitCode.USAGE,
                    "cannot scale " + word + " to '" + options.get("instances") + "': 0 to " + MOST + " are possible");
            return;
        }
        String group = found.keySet().iterator().next();
        scale(group, instances);
        int wanted = instances;
        Limits limits = loop.state().limits();
        loop.await(
                state -> scaled(state, group, wanted),
                limits.stop() + limits.boot() + PATIENCE,
                asWished -> reply(caller, group, wanted, asWished));
    }

    /// Orders it; slots that do not exist yet are made.
    void scale(String group, int instances) {
        long now = System.nanoTime();
        Declaration declaration = roster.groups(group).get(group);
        if (declaration == null) {
            return;
        }
        for (int i = roster.instances(group).size(); i < instances; i++) {
            loop.post(new Event.Specified(now, roster.add(declaration).spec()));
        }
        loop.post(new Event.Scaled(now, group, instances));
    }

    /// One more or one less, as TTIN and TTOU order it: of the web workers, or else of the task workers, or else of
    /// the first pool.
    void step(int difference) {
        for (String word : List.of("web", "task", "pool")) {
            for (String group : roster.groups(word).keySet()) {
                long filled = loop.state().slots().stream()
                        .filter(slot -> slot.spec().group().equals(group))
                        .filter(slot -> !slot.spec().spare() && !slot.stopped())
                        .count();
                scale(group, Math.clamp(filled + difference, 1, MOST));
                return;
            }
        }
    }

    private static boolean scaled(SupervisorState state, String group, int wanted) {
        int index = 0;
        for (Slot slot : state.slots()) {
            if (!slot.spec().group().equals(group) || slot.spec().spare()) {
                continue;
            }
            boolean settled = index++ < wanted
                    ? up(slot) || slot.history().failures() > 0 && !slot.stopped()
                    : slot.stopped() && slot.lives().isEmpty();
            if (!settled) {
                return false;
            }
        }
        return index >= wanted;
    }

    private static boolean up(Slot slot) {
        return slot.state().active() || slot.state() == SlotState.READY;
    }

    private void reply(Caller caller, String group, int wanted, boolean asWished) {
        long up = loop.state().slots().stream()
                .filter(slot ->
                        slot.spec().group().equals(group) && !slot.spec().spare())
                .filter(GroupCommands::up)
                .count();
        if (!asWished) {
            caller.reply(ExitCode.TIMED_OUT, group + " has " + up + " of " + wanted + " processes; it goes on");
        } else if (up < wanted) {
            caller.reply(ExitCode.FAILED, group + " has " + up + " of " + wanted + " processes; see muster deaths");
        } else {
            caller.reply(ExitCode.DONE, group + " has " + wanted + " processes");
        }
    }

    void pause(Caller caller, Map<String, String> options, boolean paused) {
        String word = options.getOrDefault("group", "");
        Map<String, Declaration> found = roster.groups(word);
        if (found.isEmpty()) {
            caller.reply(ExitCode.FAILED, refusal(word, found));
            return;
        }
        for (String group : found.keySet()) {
            loop.post(new Event.PauseSet(System.nanoTime(), group, paused));
        }
        String groups = String.join(", ", found.keySet());
        loop.await(state -> settled(state, found, paused), loop.state().limits().drain() + PATIENCE, asWished -> {
            String now = paused ? " paused" : " resumed";
            String late = paused
                    ? " are to rest, but not all have finished their work; they take up no more"
                    : " are to work, but not all have taken up their work yet";
            caller.reply(asWished ? ExitCode.DONE : ExitCode.TIMED_OUT, groups + (asWished ? now : late));
        });
    }

    private static boolean settled(SupervisorState state, Map<String, Declaration> groups, boolean paused) {
        for (Slot slot : state.slots()) {
            if (!groups.containsKey(slot.spec().group()) || slot.spec().spare()) {
                continue;
            }
            boolean right = paused ? !slot.state().active() : slot.state() != SlotState.READY;
            if (!right || slot.paused() != paused) {
                return false;
            }
        }
        return true;
    }

    private String refusal(String word, Map<String, Declaration> found) {
        if (found.isEmpty()) {
            return roster.unknown(word);
        }
        return "'" + word + "' means several declarations; name one of: " + String.join(", ", found.keySet());
    }
}
