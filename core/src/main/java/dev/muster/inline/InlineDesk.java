package dev.muster.inline;

import dev.muster.control.CommandPort;
import dev.muster.control.ExitCode;
import dev.muster.control.Message.Command;
import dev.muster.control.Message.Reply;
import dev.muster.observe.HealthJson;
import dev.muster.observe.ReportJson;
import dev.muster.observe.SlotRow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The verbs of the command line for an application that is one JVM. Each answer comes with the label; what would need
/// a process is refused.
final class InlineDesk implements CommandPort.Desk {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String app;
    private final Supervision master;

    /// @param app the name of the application
    InlineDesk(String app, Supervision master) {
        this.app = app;
        this.master = master;
    }

    @Override
    public Reply perform(Command command, Consumer<String> talk) throws InterruptedException {
        talk.accept(InlineMaster.LABEL);
        Map<String, String> options = command.options();
        return switch (command.verb()) {
            case "ps" -> new Reply(ExitCode.DONE, ReportJson.ps(master.rows()));
            case "health" -> new Reply(ExitCode.DONE, health());
            case "deaths" -> deaths(options.get("slot"));
            case "ready" ->
                master.awaitReady(PATIENCE)
                        ? new Reply(ExitCode.DONE, "ready")
                        : new Reply(ExitCode.TIMED_OUT, "not every slot is ready");
            case "stop" -> options.containsKey("slot") ? one(options, this::stop) : stopAll(options);
            case "restart" -> one(options, this::restart);
            case "dump" -> one(options, this::dump);
            case "kill" -> refused("there is no process to kill; 'muster restart SLOT' ends the slot in order");
            default -> refused("'" + command.verb() + "' needs processes of their own; start it without --inline");
        };
    }

    private String health() {
        HealthJson json = new HealthJson();
        List<SlotRow> rows = master.rows();
        rows.forEach(row -> json.slot(row.role(), row.state()));
        return json.write(
                app,
                ProcessHandle.current().pid(),
                System.currentTimeMillis() - master.startedAt,
                InlineHealth.of(rows, master.running()));
    }

    private static Reply refused(String why) {
        return new Reply(ExitCode.USAGE, "the application runs inline, in one JVM: " + why);
    }

    private interface OnSlot {
        Reply perform(InlineSlot slot) throws InterruptedException;
    }

    private Reply one(Map<String, String> options, OnSlot action) throws InterruptedException {
        String word = options.getOrDefault("slot", "");
        List<InlineSlot> found = find(word);
        if (found.size() == 1) {
            return action.perform(found.getFirst());
        }
        return new Reply(
                ExitCode.FAILED,
                found.isEmpty()
                        ? "there is no slot '" + word + "'; slots are: " + names(master.slots)
                        : "'" + word + "' means " + found.size() + " slots; name one of: " + names(found));
    }

    private List<InlineSlot> find(String word) {
        return master.slots.stream().filter(slot -> slot.place.meant(word)).toList();
    }

    private static String names(List<InlineSlot> slots) {
        return slots.stream().map(slot -> slot.place.name()).collect(Collectors.joining(", "));
    }

    private Reply deaths(@Nullable String word) {
        if (word == null) {
            return new Reply(ExitCode.DONE, ReportJson.deaths(master.deaths()));
        }
        List<Integer> numbers =
                find(word).stream().map(slot -> slot.place.number()).toList();
        if (numbers.isEmpty()) {
            return new Reply(ExitCode.FAILED, "there is no slot '" + word + "'; slots are: " + names(master.slots));
        }
        return new Reply(
                ExitCode.DONE,
                ReportJson.deaths(master.deaths().stream()
                        .filter(death -> numbers.contains(death.slot()))
                        .toList()));
    }

    private Reply stopAll(Map<String, String> options) throws InterruptedException {
        master.stop(options.getOrDefault("now", "false").equals("true"));
        master.awaitStopped();
        return new Reply(ExitCode.DONE, "stopped");
    }

    private Reply stop(InlineSlot slot) throws InterruptedException {
        master.stop(slot.place.number());
        boolean down = master.await(PATIENCE, slot, each -> each.state == InlineSlot.State.STOPPED);
        return new Reply(
                down ? ExitCode.DONE : ExitCode.TIMED_OUT,
                slot.place.name() + (down ? " stopped" : " does not stop: STUCK"));
    }

    private Reply restart(InlineSlot slot) throws InterruptedException {
        int before = master.restart(slot);
        boolean up =
                master.await(PATIENCE, slot, each -> each.number > before && each.state == InlineSlot.State.RUNNING);
        return new Reply(
                up ? ExitCode.DONE : ExitCode.TIMED_OUT,
                slot.place.name() + (up ? " restarted, in the same JVM" : " is not ready yet"));
    }

    private Reply dump(InlineSlot slot) {
        String file = master.evidence(slot);
        return file.isEmpty()
                ? new Reply(
                        ExitCode.FAILED,
                        "nothing lives in " + slot.place.name() + ", or its evidence could not be written")
                : new Reply(ExitCode.DONE, file);
    }
}
