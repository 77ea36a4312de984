package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.control.ControlServer.Connection;
import dev.muster.control.ExitCode;
import dev.muster.control.Message;
import dev.muster.observe.Death;
import dev.muster.observe.DeathLog;
import dev.muster.observe.ReportJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The verbs of the command line. Each is answered when it has come true, or when it is clear that it will not. What
/// concerns one slot is in [SlotCommands], what concerns all slots of a declaration in [GroupCommands].
///
/// **Threads:** belongs to the master's loop.
final class CommandDesk {
    private final MasterLoop loop;
    private final Roster roster;
    private final DeathLog deaths;
    private final SlotCommands slots;
    private final GroupCommands groups;
    private final ReloadDesk reloads;
    private final SlotTable table;
    private final HealthDesk health;
    private final long user;

    CommandDesk(
            MasterLoop loop,
            Roster roster,
            DeathLog deaths,
            SlotCommands slots,
            GroupCommands groups,
            ReloadDesk reloads,
            SlotTable table,
            HealthDesk health,
            long user) {
        this.loop = loop;
        this.roster = roster;
        this.deaths = deaths;
        this.slots = slots;
        this.groups = groups;
        this.reloads = reloads;
        this.table = table;
        this.health = health;
        this.user = user;
    }

    void perform(Connection from, Message.Command command) {
        Caller caller = new Caller(from);
        if (from.uid() != 0 && from.uid() != user) {
            caller.reply(
                    ExitCode.NO_PERMISSION, "user " + from.uid() + " may not command the processes of user " + user);
        } else if (command.version() != Message.PROTOCOL_VERSION) {
            caller.reply(
                    ExitCode.VERSION_MISMATCH,
                    "this command line speaks version " + command.version() + ", the application version "
                            + Message.PROTOCOL_VERSION + "; use the command line of the application");
        } else {
            verb(caller, command.verb(), command.options());
        }
    }

    private void verb(Caller caller, String verb, Map<String, String> options) {
        switch (verb) {
            case "ps" -> caller.reply(ExitCode.DONE, ReportJson.ps(table.rows()));
            case "health" -> caller.reply(ExitCode.DONE, health.json(loop.state()));
            case "deaths" -> slots.explained(() -> deaths(caller, options.get("slot")));
            case "ready" -> ready(caller);
            case "stop" -> stop(caller, options);
            case "kill" -> one(caller, options, slots::kill);
            case "restart" -> one(caller, options, slots::restart);
            case "dump" -> one(caller, options, slots::dump);
            case "why" -> one(caller, options, slots::why);
            case "scale" -> groups.scale(caller, options);
            case "pause" -> groups.pause(caller, options, true);
            case "resume" -> groups.pause(caller, options, false);
            case "reload" -> reloads.order(caller, options.getOrDefault("scope", ""));
            default -> caller.reply(ExitCode.USAGE, "unknown verb '" + verb + "'");
        }
    }

    private interface OnSlot {
        void perform(Caller caller, int slot);
    }

    private void one(Caller caller, Map<String, String> options, OnSlot action) {
        String word = options.getOrDefault("slot", "");
        List<Integer> found = roster.find(word);
        if (found.size() == 1) {
            action.perform(caller, found.getFirst());
        } else if (found.isEmpty()) {
            caller.reply(ExitCode.FAILED, "there is no slot '" + word + "'; slots are: " + roster.names());
        } else {
            StringBuilder names = new StringBuilder();
            found.forEach(slot -> names.append(' ').append(roster.place(slot).name()));
            caller.reply(ExitCode.FAILED, "'" + word + "' means " + found.size() + " slots; name one of:" + names);
        }
    }

    private void deaths(Caller caller, @Nullable String word) {
        if (word == null) {
            newest(caller, deaths.all());
            return;
        }
        List<Integer> found = roster.find(word);
        if (found.isEmpty()) {
            caller.reply(ExitCode.FAILED, "there is no slot '" + word + "'; slots are: " + roster.names());
            return;
        }
        List<Death> chosen = new ArrayList<>();
        for (Death death : deaths.all()) {
            if (found.contains(death.slot())) {
                chosen.add(death);
            }
        }
        newest(caller, chosen);
    }

    /// As many as one message holds.
    ///
    /// @param all oldest first
    static void newest(Caller caller, List<Death> all) {
        int first = all.size();
        long bytes = 0;
        while (first > 0 && bytes <= Caller.LONGEST) {
            first--;
            bytes += ReportJson.deaths(List.of(all.get(first))).getBytes(UTF_8).length;
        }
        if (bytes > Caller.LONGEST) {
            first++;
            caller.progress("the " + first + " oldest of " + all.size()
                    + " deaths are left out: they are more than one answer holds; ask for one slot: muster"
                    + " deaths SLOT");
        }
        caller.reply(ExitCode.DONE, ReportJson.deaths(all.subList(first, all.size())));
    }

    /// True when every slot that is to be filled was ready, or has shown that it will not be soon. While nothing at
    /// all was ready, failed boots may still end the application, and that is not over yet.
    private void ready(Caller caller) {
        loop.await(CommandDesk::settled, loop.state().limits().boot() * 2, up -> {
            SupervisorState state = loop.state();
            boolean ended = state.phase() == SupervisorState.Phase.ENDED;
            if (ended && !state.everReady()) {
                caller.reply(ExitCode.FAILED, "the application has ended: nothing could boot");
            } else {
                caller.reply(up ? ExitCode.DONE : ExitCode.TIMED_OUT, up ? "ready" : "not every slot is ready");
            }
        });
    }

    static boolean settled(SupervisorState state) {
        if (state.phase() == SupervisorState.Phase.NEW) {
            return false;
        }
        boolean empty = true;
        for (Slot slot : state.slots()) {
            Life present = slot.present();
            boolean coming = present != null && present.state() == SlotState.READY && !atRest(slot);
            if (!slot.stopped()
                    && slot.history().failures() == 0
                    && (coming || !slot.history().everReady())) {
                return false;
            }
            empty &= slot.stopped();
        }
        return empty || state.everReady();
    }

    private static boolean atRest(Slot slot) {
        return slot.spec().spare() || slot.paused();
    }

    private void stop(Caller caller, Map<String, String> options) {
        if (options.containsKey("slot")) {
            one(caller, options, slots::stop);
            return;
        }
        boolean now = options.getOrDefault("now", "false").equals("true");
        loop.await(
                state -> state.phase() == SupervisorState.Phase.ENDED,
                Long.MAX_VALUE / 2,
                _ -> caller.reply(ExitCode.DONE, "stopped"));
        loop.post(new Event.StopAll(System.nanoTime(), now));
    }
}
