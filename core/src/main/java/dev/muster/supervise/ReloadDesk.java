package dev.muster.supervise;

import dev.muster.config.Settings;
import dev.muster.control.ExitCode;
import dev.muster.control.Message;
import dev.muster.scan.Declaration;
import dev.muster.scan.ProcessMap;
import dev.muster.scan.ScheduleDeclaration;
import dev.muster.scan.TaskDeclaration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reloads: snapshot of the class path, check, a new generation, and the replacement of the processes, which is decided
/// by [Reloading]. One at a time; those that are ordered meanwhile become one that follows.
///
/// **Threads:** belongs to the master's loop; the snapshot is taken on a thread of its own. **Failure:** whatever goes
/// wrong before the first process is replaced changes nothing.
final class ReloadDesk {
    private static final String STOPPED = "nothing was changed: the application is being stopped";

    /// What only a new start can change.
    private static final List<String> FIXED = List.of(
            "app.name",
            "run.dir",
            "data.dir",
            "log.dir",
            "tasks.broker",
            "app.snapshot",
            "aot.enabled",
            "aot.dir",
            "aot.delay");

    /// Beginnings of keys that the master and its slots have read once, at the start.
    private static final List<String> READ_ONCE = List.of("limits.", "spares.", "recycle.", "log.");

    /// Takes a snapshot of the class path as it is now.
    interface Snapshots {
        /// Blocks.
        Snapshot take();

        void release(Snapshot snapshot);
    }

    /// See [CheckDesk#check(String, CheckDesk.Result)].
    interface Checks {
        void check(String classPath, CheckDesk.Result result);
    }

    private final MasterLoop loop;
    private final Roster roster;
    private final Generations generations;
    private final GroupCommands groups;
    private final Checks checks;
    private final Snapshots snapshots;
    private final WebPorts ports;
    private final BiFunction<Integer, Long, List<String>> lastLines;
    private final Function<Generation, String> loaded;
    private final Consumer<String> log;
    private final List<Caller> waiting = new ArrayList<>();
    private final List<Caller> next = new ArrayList<>();
    private final Set<String> nextScopes = new TreeSet<>();
    /// Declarations that a reload has found gone, and whose processes it has stopped.
    private final Set<String> removed = new TreeSet<>();
    /// The slots that the reload under way spares because the new code does not declare them.
    private final Set<Integer> exempted = new TreeSet<>();
    private boolean busy;
    private String readOnce = "";
    private String scope = "";

    /// @param lastLines of what a process of a slot has printed, by its pid
    /// @param loaded told the generation when a reload has succeeded; answers with what it could not do, else
    ///     nothing
    ReloadDesk(
            MasterLoop loop,
            Roster roster,
            Generations generations,
            GroupCommands groups,
            Checks checks,
            Snapshots snapshots,
            WebPorts ports,
            BiFunction<Integer, Long, List<String>> lastLines,
            Function<Generation, String> loaded,
            Consumer<String> log) {
        this.loop = loop;
        this.roster = roster;
        this.generations = generations;
        this.groups = groups;
        this.checks = checks;
        this.snapshots = snapshots;
        this.ports = ports;
        this.lastLines = lastLines;
        this.loaded = loaded;
        this.log = log;
    }

    /// @param caller null if nobody waits for the end
    /// @param wanted the word for a role, the name of a declaration, or empty for all
    void order(@Nullable Caller caller, String wanted) {
        if (!running()) {
            answer(caller == null ? List.of() : List.of(caller), ExitCode.FAILED, STOPPED);
        } else if (!wanted.isEmpty() && roster.groups(wanted).isEmpty()) {
            answer(caller == null ? List.of() : List.of(caller), ExitCode.FAILED, roster.unknown(wanted));
        } else if (busy) {
            nextScopes.add(wanted);
            if (caller != null) {
                next.add(caller);
                caller.progress("another reload is under way; this one follows it");
            }
        } else {
            begin(caller == null ? List.of() : List.of(caller), wanted);
        }
    }

    private boolean running() {
        return loop.state().phase() == SupervisorState.Phase.RUNNING;
    }

    private void begin(List<Caller> callers, String wanted) {
        busy = true;
        scope = wanted;
        waiting.addAll(callers);
        log.accept("reload" + (wanted.isEmpty() ? "" : " of " + wanted) + ": checking the code and the configuration");
        try {
            Thread.ofPlatform().name("snapshot").daemon().start(this::copy);
        } catch (OutOfMemoryError e) {
            uncopied(e);
        }
    }

    /// Whatever happens here ends the reload, or none could ever follow it.
    private void copy() {
        try {
            Snapshot snapshot = snapshots.take();
            loop.execute(() -> copied(snapshot));
        } catch (Throwable e) {
            loop.execute(() -> uncopied(e));
        }
    }

    private void uncopied(Throwable why) {
        String text = why instanceof RuntimeException ? String.valueOf(why.getMessage()) : why.toString();
        end(ExitCode.FAILED, "the class path could not be copied: " + text);
    }

    private void copied(Snapshot snapshot) {
        guarded(
                snapshot,
                () -> checks.check(snapshot.classPath(), found -> guarded(snapshot, () -> checked(snapshot, found))));
    }

    /// A step that changes nothing yet, and whose failure is that of the reload.
    private void guarded(Snapshot snapshot, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            snapshots.release(snapshot);
            end(ExitCode.FAILED, "nothing was changed: internal error " + e);
        }
    }

    private void checked(Snapshot snapshot, Message.Checked found) {
        if (!running()) {
            snapshots.release(snapshot);
            end(ExitCode.FAILED, STOPPED);
            return;
        }
        String error = found.error().isEmpty() ? refusal(found) : found.error();
        if (!error.isEmpty()) {
            snapshots.release(snapshot);
            end(ExitCode.CONFIGURATION, "nothing was changed: " + error);
            return;
        }
        ProcessMap map = new ProcessMap(
                generations.get(loop.state().generation()).map().mainClass(),
                found.processes().stream().map(Declaration::of).toList(),
                found.tasks().stream().map(TaskDeclaration::of).toList(),
                found.schedules().stream().map(ScheduleDeclaration::of).toList(),
                found.listeners(),
                found.warnings());
        Settings settings = Settings.of(found.settings());
        ports.open(map, loop, why -> opened(snapshot, settings, map, why));
    }

    /// The port of the web workers is there, beside the present one if it is another, or cannot be had.
    private void opened(Snapshot snapshot, Settings settings, ProcessMap map, String why) {
        if (!running() || !why.isEmpty()) {
            snapshots.release(snapshot);
            end(ExitCode.FAILED, why.isEmpty() ? STOPPED : "nothing was changed: " + why);
            return;
        }
        map.warnings().forEach(warning -> log.accept("new code: " + warning));
        Generation generation = new Generation(generations.next(), snapshot, settings, map);
        readOnce = readOnce(generation.settings());
        generations.coming(generation);
        exempt(generation);
        log.accept("reload: starting generation " + generation.number());
        loop.post(new Event.Reload(System.nanoTime(), generation.number(), scope));
    }

    /// Processes that the new code does not declare any more cannot run it: they go on as they are, and end when
    /// the reload has succeeded.
    private void exempt(Generation generation) {
        for (Roster.Place place : roster.places()) {
            if (generation.declaration(place.spec().group()).isEmpty()) {
                exempted.add(place.spec().slot());
                specify(roster.exempt(place));
            }
        }
    }

    /// The reload has failed: what it would have ended is as before.
    private void include() {
        for (int slot : exempted) {
            Roster.Place place = roster.place(slot);
            specify(roster.redeclare(place, place.declaration()));
        }
    }

    private void specify(Roster.Place place) {
        loop.post(new Event.Specified(System.nanoTime(), place.spec()));
    }

    private boolean concerned(ChildSpec spec) {
        return scope.isEmpty()
                || spec.group().equals(scope)
                || spec.role().word().equals(scope);
    }

    /// Why the new code cannot take the place of the present one, empty if it can.
    private String refusal(Message.Checked found) {
        Settings now = generations.get(loop.state().generation()).settings();
        Settings then = Settings.of(found.settings());
        for (String key : FIXED) {
            if (!now.text(key).equals(then.text(key))) {
                return key + " cannot change from " + now.text(key) + " to " + then.text(key)
                        + " by a reload; stop and start the application";
            }
        }
        for (var processes : found.processes()) {
            Declaration declaration = Declaration.of(processes);
            Declaration before = roster.groups(declaration.name()).get(declaration.name());
            if (before != null && before.role() != declaration.role()) {
                return declaration.name() + " cannot change from a "
                        + before.role().word() + " to a " + declaration.role().word()
                        + " process by a reload; give it another name";
            }
        }
        return "";
    }

    /// What the new configuration says and this master will not do.
    private String readOnce(Settings then) {
        Map<String, String> before =
                generations.get(loop.state().generation()).settings().effective();
        Set<String> changed = new TreeSet<>();
        then.effective().forEach((key, value) -> {
            if (READ_ONCE.stream().anyMatch(key::startsWith) && !value.equals(before.get(key))) {
                changed.add(key);
            }
        });
        return changed.isEmpty() ? "" : "\nnot before the next start of the application: " + String.join(", ", changed);
    }

    /// The supervisor has replaced the processes, or has undone what it had begun.
    void ended(Effect.ReloadEnded result) {
        Generation generation = generations.get(result.generation());
        generations.settled();
        if (result.text().isEmpty()) {
            String undone = "";
            try {
                redeclare(generation);
                undone = loaded.apply(generation);
            } finally {
                // Also where something fails that comes after the processes: they have the new code, and who waits
                // is to hear of it.
                end(
                        ExitCode.DONE,
                        "reloaded: generation " + generation.number() + readOnce
                                + (undone.isEmpty() ? "" : "\n" + undone));
            }
        } else {
            include();
            StringBuilder text = new StringBuilder("the reload failed, the code before goes on: " + result.text());
            if (result.failed() >= 0) {
                lastLines
                        .apply(result.failed(), result.pid())
                        .forEach(line -> text.append('\n').append(line));
            }
            end(ExitCode.FAILED, text.toString());
        }
        exempted.clear();
        generations.prune(loop.state());
    }

    private void redeclare(Generation generation) {
        Map<String, Integer> counts = new HashMap<>();
        roster.places()
                .forEach(place ->
                        counts.put(place.spec().group(), place.declaration().instances()));
        for (Roster.Place place : roster.places()) {
            generation
                    .declaration(place.spec().group())
                    .filter(_ -> concerned(place.spec()))
                    .ifPresent(declaration -> specify(roster.redeclare(place, declaration)));
        }
        dismiss();
        if (scope.isEmpty()) {
            count(generation, counts);
        }
    }

    /// Declarations that are new, or back again, are started, and where another number of instances was configured,
    /// there are so many now.
    private void count(Generation generation, Map<String, Integer> counts) {
        for (Declaration declaration : generation.map().processes()) {
            String group = declaration.name();
            if (roster.instances(group).isEmpty()) {
                specify(roster.add(declaration));
                groups.scale(group, declaration.instances());
            } else if (removed.remove(group)) {
                groups.scale(group, declaration.instances());
                spares(group).forEach(slot -> loop.post(new Event.RestartSlot(System.nanoTime(), slot)));
            } else if (counts.getOrDefault(group, 0) != declaration.instances()) {
                groups.scale(group, declaration.instances());
            }
        }
    }

    /// Ends what the new code does not declare any more.
    private void dismiss() {
        for (int slot : exempted) {
            ChildSpec spec = roster.place(slot).spec();
            if (concerned(spec) && removed.add(spec.group())) {
                groups.scale(spec.group(), 0);
                spares(spec.group()).forEach(spare -> loop.post(new Event.StopSlot(System.nanoTime(), spare)));
            }
        }
    }

    private List<Integer> spares(String group) {
        return roster.places().stream()
                .map(Roster.Place::spec)
                .filter(spec -> spec.spare() && spec.group().equals(group))
                .map(ChildSpec::slot)
                .toList();
    }

    /// The application has ended: whoever still waits will not see a reload.
    void close() {
        answer(waiting, ExitCode.FAILED, STOPPED);
        answer(next, ExitCode.FAILED, STOPPED);
    }

    private void end(ExitCode code, String text) {
        log.accept("reload: " + text.lines().findFirst().orElse(""));
        List<Caller> callers = List.copyOf(waiting);
        waiting.clear();
        busy = false;
        answer(callers, code, text);
        if (!nextScopes.isEmpty() && running()) {
            String wanted = nextScopes.size() == 1 ? nextScopes.iterator().next() : "";
            List<Caller> others = List.copyOf(next);
            nextScopes.clear();
            next.clear();
            begin(others, wanted);
        }
    }

    private static void answer(List<Caller> callers, ExitCode code, String text) {
        callers.forEach(caller -> caller.reply(code, text));
    }
}
