package dev.muster.supervise;

import dev.muster.board.Board;
import dev.muster.config.Settings;
import dev.muster.control.ControlServer;
import dev.muster.control.ExitCode;
import dev.muster.control.Message;
import dev.muster.memory.MemoryDirectory;
import dev.muster.observe.DeathLog;
import dev.muster.observe.ReportJson;
import dev.muster.os.ExitStatus;
import dev.muster.os.Identity;
import dev.muster.os.MemoryTrim;
import dev.muster.os.Natives;
import dev.muster.scan.ProcessMapJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// The parts of a master that works, wired: the loop, the threads that help it, and the desks that speak to children
/// and command lines.
///
/// **Threads:** [#run] blocks the calling thread, which becomes the loop. Helpers (spawner, reaper, log pump, log
/// writer, control, evidence) only turn what blocks into events. **Lifetime:** one [#start] and one [#run]; what it
/// opens, in the constructor already, is closed by the [Closer] of its owner.
final class RunningMaster {
    private static final int LAST_LINES = 50;

    private final Master.Start start;
    private final Roster roster;
    private final RunDirectory directory;
    private final LogFiles log;
    private final Leftovers leftovers;
    private final WebPorts ports;
    private final Closer opened;
    private final Generations generations;
    private final @Nullable TraceFile trace;
    private final MasterLoop loop;
    private final Workers workers;
    private final MemoryDirectory memory;
    private final LogPump pump;
    private final EvidenceDesk evidence;
    private final HealthDesk health;
    private final TimeDesk time;
    private final ListenerDesk listeners;
    private final @Nullable SystemdLink systemd;
    private final Measuring measuring;
    private final ChildDesk children;
    private final Reaper reaper;
    private final JvmCaches caches;
    private final Spawning spawning;
    private final CheckDesk checks;
    private final GroupCommands groups;
    private final ReloadDesk reloads;
    private final SlotTable table;
    private final CommandDesk commands;
    private final MasterHands hands;

    RunningMaster(
            Master.Start start,
            Roster roster,
            RunDirectory directory,
            LogFiles log,
            Household household,
            Leftovers leftovers,
            WebPorts ports,
            Board board,
            Estate estate,
            ClassPathSnapshots copies,
            Closer opened) {
        this.start = start;
        this.roster = roster;
        this.directory = directory;
        this.log = log;
        this.leftovers = leftovers;
        this.ports = ports;
        this.opened = opened;
        opened.onClose(() -> log.flush(Duration.ofSeconds(2)));
        Settings settings = start.settings();
        int processors = Runtime.getRuntime().availableProcessors();
        SupervisorState beginning = SupervisorState.of(
                limits(settings), roster.specs(), processors, new SecureRandom().nextLong(), System.nanoTime());
        trace = trace(beginning, processors);
        if (trace != null) {
            opened.onClose(trace::close);
        }
        loop = new MasterLoop(beginning, trace);
        ReloadDesk.Snapshots snapshots = new AppClassPath(copies, settings.flag("app.snapshot"), log::master);
        Generation first = new Generation(1, snapshots.take(), settings, start.map());
        generations = new Generations(first, generation -> snapshots.release(generation.snapshot()));
        workers = new Workers(board);
        memory = MemoryDirectory.of(board.file(), Identity.self());
        time = new TimeDesk(generations, this::keepTime);
        listeners = new ListenerDesk(generations, beginning, this::tell, this::warn);
        DeathLog deaths = new DeathLog();
        pump = opened.keep(new LogPump(log), LogPump::close);
        Dumps dumps = new Dumps(directory.dumps(), settings.number("dumps.keep"), settings.bytes("dumps.maxSize"));
        health = new HealthDesk(settings.appName(), beginning);
        loop.afterTurn(this::turned);
        measuring = new Measuring(loop::post);
        children = new ChildDesk(loop, roster, workers, estate, health, measuring, listeners, this::reload);
        ChildGroups controlGroups = new ChildGroups(
                settings,
                household,
                roster.specs().stream().map(ChildSpec::role).distinct().toList(),
                this::warn);
        reaper = opened.keep(new Reaper(household, controlGroups, new Ends()), Reaper::close);
        evidence = opened.keep(new EvidenceDesk(loop, pump, dumps, deaths), EvidenceDesk::close);
        systemd = SystemdLink.of(System.getenv(), ProcessHandle.current().pid(), this::warn);
        if (systemd != null) {
            opened.onClose(systemd::close);
        }
        caches = opened.keep(caches(settings), JvmCaches::close);
        ChildCommand command = new ChildCommand(
                settings, caches, directory.path(), board.file(), start.commandLine(), start.main(), start.arguments());
        spawning = new Spawning(
                command, pump, reaper, controlGroups, leftovers, ports, event -> loop.execute(() -> spawned(event)));
        checks = new CheckDesk(loop, spawning, reaper);
        groups = new GroupCommands(loop, roster);
        reloads = new ReloadDesk(
                loop,
                roster,
                generations,
                groups,
                checks::check,
                snapshots,
                ports,
                this::lastLines,
                this::loaded,
                text -> log.master("INFO", text));
        table = new SlotTable(loop, workers, deaths);
        commands = new CommandDesk(
                loop,
                roster,
                deaths,
                new SlotCommands(loop, roster, workers, deaths, evidence, time),
                groups,
                reloads,
                table,
                health,
                owner(directory.path()));
        hands = new MasterHands(
                loop,
                roster,
                workers,
                generations,
                spawning,
                reaper,
                evidence,
                estate,
                deaths,
                reloads,
                listeners,
                measuring,
                pump,
                log);
    }

    /// Starts all but the loop: commands are taken, and nothing is spawned yet.
    void start() {
        new MasterSignals(loop, log, new Wishes()).install();
        caches.start();
        measuring.start();
        pump.start();
        reaper.start();
        spawning.start();
        // Before anybody can give a command: none must find an application that was not started yet.
        loop.post(new Event.Started(System.nanoTime()));
        ControlDesk desk = new ControlDesk(loop, children, commands, checks, directory, log);
        var _ = opened.keep(open(desk), this::close);
        opened.onClose(reloads::close);
    }

    /// Works until the supervisor decides that the master is to leave.
    ///
    /// @return the exit code of the master
    int run() {
        log.master("INFO", "starting " + roster.size() + " processes; run directory " + directory.path());
        loop.execute(RunningMaster::settle);
        return loop.run(hands).code().number();
    }

    private void warn(String text) {
        log.master("WARN", text);
    }

    private void turned(SupervisorState state) {
        health.observe(state);
        time.turned(state);
        listeners.turned(state);
        ports.turned(state, roster, workers, generations);
        if (systemd != null) {
            systemd.turn(System.nanoTime(), state, health.health(), health.settled(state));
        }
    }

    /// What one process of a slot has printed last.
    private List<String> lastLines(int slot, long pid) {
        List<String> lines = EvidenceTaker.of(pid, pump.tail(slot, EvidenceTaker.LOG_LINES));
        return lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
    }

    private void keepTime(int life, List<Map<String, String>> schedules) {
        tell(life, new Message.KeepTime(schedules));
    }

    private void tell(int life, Message message) {
        WorkerHandle worker = workers.find(life);
        if (worker != null) {
            worker.send(message);
        }
    }

    private void reload(String scope) {
        reloads.order(null, scope);
    }

    /// What the command line reads follows the code that runs, and listeners hear of it.
    ///
    /// @return what could not be written, empty if all was
    private String loaded(Generation generation) {
        listeners.reloaded(generation);
        return loaded(directory, generation);
    }

    static String loaded(RunDirectory directory, Generation generation) {
        try {
            directory.write(
                    RunDirectory.CONFIGURATION,
                    ReportJson.flat(generation.settings().effective()));
            directory.write(RunDirectory.PROCESS_MAP, ProcessMapJson.write(generation.map()));
            return "";
        } catch (StartException e) {
            return "config.json and process-map.json still show the configuration before: " + e.getMessage();
        }
    }

    /// The spawner's answer.
    private void spawned(Event event) {
        switch (event) {
            case Event.Spawned e when e.life() < 0 -> checks.spawned(e.life(), e.pid());
            case Event.SpawnFailed e when e.life() < 0 -> checks.spawnFailed(e.life(), e.error());
            case Event.Spawned e -> {
                WorkerHandle worker = workers.find(e.life());
                String name = worker == null ? "?" : worker.place().name();
                log.master("INFO", "start process: " + name + " (pid " + e.pid() + ")");
                children.spawned(e);
            }
            default -> loop.post(event);
        }
    }

    /// The reaper's reports.
    private final class Ends implements Reaper.Listener {
        @Override
        public void dead(int slot, int life, long pid) {
            loop.post(new Event.Died(System.nanoTime(), life));
        }

        @Override
        public void ended(int slot, int life, long pid, ExitStatus status, boolean outOfMemory) {
            memory.tidy();
            // What the dead has printed comes first: it may say why it died.
            CompletableFuture<Void> _ = pump.ended(slot, life)
                    .thenRun(() -> loop.execute(() -> {
                        forget(pid);
                        if (life < 0) {
                            checks.ended(life, status, String.join("\n", pump.tail(Spawning.NO_SLOT, LAST_LINES)));
                        } else {
                            exited(life, status, outOfMemory || pump.outOfMemory(slot, life));
                        }
                    }));
        }

        private void forget(long pid) {
            try {
                leftovers.reaped(pid);
            } catch (IOException _) {
                // A stale entry is harmless: it names a start time that no process has any more.
            }
        }

        private void exited(int life, ExitStatus status, boolean outOfMemory) {
            WorkerHandle worker = workers.find(life);
            if (worker != null) {
                long units = worker.board().unitsDone();
                loop.post(
                        new Event.Exited(System.nanoTime(), life, status.code(), status.signal(), units, outOfMemory));
            }
        }

        @Override
        public void note(int slot, String text) {
            loop.execute(() -> warn(slot < 0 ? text : roster.place(slot).name() + ": " + text));
        }
    }

    /// What signals ask for.
    private final class Wishes implements MasterSignals.Wishes {
        @Override
        public void killAll() {
            workers.all().forEach(worker -> reaper.kill(worker.pid()));
        }

        @Override
        public void reload() {
            reloads.order(null, "");
        }

        @Override
        public void scale(int step) {
            groups.step(step);
        }

        @Override
        public List<String> status() {
            return StatusLines.of(health.health(), table.rows());
        }
    }

    private JvmCaches caches(Settings settings) {
        return new JvmCaches(
                settings.flag("aot.enabled") && Natives.available(),
                settings.path("aot.dir"),
                directory.path().resolve("classes"),
                Duration.ofMillis(settings.millis("aot.delay")),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                JvmArguments.withoutOptions(System.getenv()),
                log::master);
    }

    private ControlServer open(ControlDesk desk) {
        Path socket = start.settings().controlSocket();
        try {
            Files.deleteIfExists(socket);
            return ControlServer.open(socket, desk);
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.CANNOT_WRITE, "cannot open the control socket " + socket + ": " + e.getMessage());
        }
    }

    private void close(ControlServer server) {
        try {
            server.close();
        } catch (IOException e) {
            warn("the control socket could not be removed: " + e.getMessage());
        }
    }

    private static long owner(Path ours) {
        try {
            return ((Number) Files.getAttribute(ours, "unix:uid")).longValue();
        } catch (IOException e) {
            throw new StartException(ExitCode.CANNOT_WRITE, "cannot read the owner of " + ours + ": " + e.getMessage());
        }
    }

    private static @Nullable TraceFile trace(SupervisorState beginning, int processors) {
        String file = System.getProperty("muster.trace", "");
        return file.isEmpty() ? null : new TraceFile(Path.of(file), beginning, processors);
    }

    private static Limits limits(Settings settings) {
        return Limits.of(
                        Duration.ofMillis(settings.millis("limits.boot")),
                        Duration.ofMillis(settings.millis("limits.drain")),
                        Duration.ofMillis(settings.millis("limits.stop")),
                        Duration.ofMillis(settings.millis("limits.silence")))
                .withShutdownDelay(Duration.ofMillis(settings.millis("limits.shutdownDelay")));
    }

    /// What the start has used is not needed again for days: give it back to the system.
    private static void settle() {
        System.gc();
        MemoryTrim.release();
    }
}
