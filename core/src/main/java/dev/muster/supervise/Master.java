package dev.muster.supervise;

import dev.muster.board.Board;
import dev.muster.board.BoardException;
import dev.muster.board.BoardFile;
import dev.muster.board.BoardSlot;
import dev.muster.config.Settings;
import dev.muster.control.ControlServer;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Verdict;
import dev.muster.observe.DeathLog;
import dev.muster.observe.ReportJson;
import dev.muster.os.ExitStatus;
import dev.muster.os.Identity;
import dev.muster.os.MemoryTrim;
import dev.muster.os.Natives;
import dev.muster.os.ProcFs;
import dev.muster.os.ProcessTitle;
import dev.muster.os.Subreaper;
import dev.muster.scan.ProcessMap;
import dev.muster.scan.ProcessMapJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The master: wires the loop, the helper threads and the shared things, runs until everything has ended, and tidies
/// up.
///
/// It runs no user code, opens no database and speaks no protocol but its own.
///
/// **Threads:** [#run] blocks the calling thread, which becomes the loop. Helpers (spawner, reaper, log pump, log
/// writer, control, evidence) only turn what blocks into events.
public final class Master {
    private static final int LAST_LINES = 50;

    private final Settings settings;
    private final ProcessMap map;
    private final String main;
    private final List<String> arguments;
    private final Roster roster;
    /// Read before the title is set, which overwrites it.
    private final List<String> commandLine =
            ProcFs.cmdline(ProcessHandle.current().pid());

    private Master(Settings settings, ProcessMap map, String main, List<String> arguments) {
        this.settings = settings;
        this.map = map;
        this.main = main;
        this.arguments = arguments;
        roster = new Roster(map.processes(), settings, System.getProperty("muster.debug", ""));
    }

    /// Runs an application until it has ended.
    ///
    /// @param settings the effective configuration
    /// @param map the declarations with the configuration applied, in the order of their slots
    /// @param main the class with `main`, run again in each child
    /// @param arguments the arguments of `main`
    /// @return the exit code of the master
    /// @throws StartException if the application cannot be started
    public static int run(Settings settings, ProcessMap map, String main, List<String> arguments) {
        return new Master(settings, map, main, arguments).run();
    }

    private int run() {
        ProcessTitle.set("java_master:" + settings.appName());
        RunDirectory.makePrivate(settings.dataDir());
        RunDirectory.makePrivate(settings.logDir());
        try (RunDirectory directory = RunDirectory.open(settings.runDir())) {
            RunDirectory.makePrivate(directory.dumps());
            directory.write(RunDirectory.CONFIGURATION, ReportJson.flat(settings.effective()));
            directory.write(RunDirectory.PROCESS_MAP, ProcessMapJson.write(map));
            boolean foreground = !Boolean.getBoolean("muster.background");
            try (LogFiles log = new LogFiles(
                    settings.logDir(),
                    settings.appName(),
                    settings.bytes("log.maxSize"),
                    settings.number("log.keep"),
                    foreground ? Master::echo : null)) {
                log.start();
                return withLog(directory, log);
            }
        }
    }

    private static void echo(byte[] lines) {
        System.err.write(lines, 0, lines.length);
        System.err.flush();
    }

    private int withLog(RunDirectory directory, LogFiles log) {
        log.master(
                "INFO",
                "found " + map.processes().size() + " processes and "
                        + map.tasks().size() + " tasks in " + main);
        if (!Natives.available()) {
            log.master("WARN", Natives.warning());
        }
        log.master("INFO", "wrote the process map to " + directory.path().resolve(RunDirectory.PROCESS_MAP));
        map.warnings().forEach(warning -> log.master("WARN", warning));
        Subreaper.become();
        Household household = Household.of(directory.path());
        Leftovers leftovers = new Leftovers(directory.children(), household);
        for (Identity killed : leftovers.end()) {
            log.master("WARN", "killed process " + killed.pid() + ", left over from an earlier master");
        }
        Path file = BoardFile.place(directory.path());
        List<DeadWorker> dead = deadOf(file, log);
        try (Board board = Board.create(file, places(), Math.max(1, roster.size()), Identity.self())) {
            Estate estate = new Estate(board);
            estate.inherit(dead);
            try {
                return withBoard(directory, log, household, leftovers, board, estate);
            } finally {
                // What nobody has given back yet is the next start's to give back: its board keeps it.
                if (!estate.owing()) {
                    board.delete();
                }
            }
        } catch (BoardException e) {
            throw new StartException(73, String.valueOf(e.getMessage()));
        }
    }

    /// How many processes the board has room for. Most of it has no memory until it is needed.
    private int places() {
        return Math.clamp(4L * roster.size(), 1_024, 4_096);
    }

    /// What an earlier master left on its board: the workers that died with it, and those nobody had dealt with
    /// yet.
    private static List<DeadWorker> deadOf(Path file, LogFiles log) {
        List<DeadWorker> dead = new ArrayList<>();
        if (Files.exists(file)) {
            try (Board old = Board.attach(file)) {
                dead.addAll(Estate.written(old));
                for (int i = 0; i < old.provided(); i++) {
                    BoardSlot slot = old.slot(i);
                    if (!slot.incarnation().isEmpty()) {
                        dead.add(lost(slot));
                    }
                }
                log.master(
                        "WARN",
                        "an earlier master ended without a stop; " + dead.size()
                                + " workers may have left work behind, which is given back now");
            } catch (BoardException e) {
                log.master(
                        "WARN",
                        "the board of an earlier master cannot be read (" + e.getMessage()
                                + "); what its workers had started is unknown");
            }
        }
        dead.add(new DeadWorker(
                DeadWorker.EVERYBODY, "", Verdict.CRASH, "", List.of(), false, "its worker was gone at the start", ""));
        return dead;
    }

    private static DeadWorker lost(BoardSlot slot) {
        return new DeadWorker(
                slot.incarnation(),
                "",
                Verdict.CRASH,
                "",
                Estate.started(slot),
                true,
                "MASTER_LOST: died with its master",
                "");
    }

    private int withBoard(
            RunDirectory directory,
            LogFiles log,
            Household household,
            Leftovers leftovers,
            Board board,
            Estate estate) {
        MixedJar.warning(main).ifPresent(warning -> log.master("WARN", warning));
        try (ClassPathSnapshots copies = new ClassPathSnapshots(
                settings.dataDir(), List.of(settings.dataDir(), settings.runDir(), settings.logDir()))) {
            return withCopies(directory, log, household, leftovers, board, estate, copies);
        }
    }

    private int withCopies(
            RunDirectory directory,
            LogFiles log,
            Household household,
            Leftovers leftovers,
            Board board,
            Estate estate,
            ClassPathSnapshots copies) {
        int processors = Runtime.getRuntime().availableProcessors();
        SupervisorState beginning = SupervisorState.of(
                limits(), roster.specs(), processors, new SecureRandom().nextLong(), System.nanoTime());
        TraceFile trace = trace(beginning, processors);
        MasterLoop loop = new MasterLoop(beginning, trace);
        ReloadDesk.Snapshots snapshots = new AppClassPath(copies, settings.flag("app.snapshot"), log::master);
        Generation first = new Generation(1, snapshots.take(), settings, map);
        Generations generations = new Generations(first, generation -> snapshots.release(generation.snapshot()));
        Workers workers = new Workers(board);
        DeathLog deaths = new DeathLog();
        LogPump pump = new LogPump(log);
        Dumps dumps = new Dumps(directory.dumps(), settings.number("dumps.keep"), settings.bytes("dumps.maxSize"));
        EvidenceDesk evidence = new EvidenceDesk(loop, pump, dumps, deaths);
        HealthDesk health = new HealthDesk(settings.appName(), beginning);
        SystemdLink systemd =
                SystemdLink.of(System.getenv(), ProcessHandle.current().pid(), text -> log.master("WARN", text));
        loop.afterTurn(state -> {
            health.observe(state);
            if (systemd != null) {
                systemd.turn(System.nanoTime(), state, health.health(), health.settled(state));
            }
        });
        Measuring measuring = new Measuring(loop::post);
        AtomicReference<CheckDesk> checksLater = new AtomicReference<>();
        AtomicReference<ReloadDesk> reloadsLater = new AtomicReference<>();
        ChildDesk children = new ChildDesk(
                loop,
                roster,
                workers,
                estate,
                health,
                measuring,
                scope -> reloadsLater.get().order(null, scope));
        ChildGroups controlGroups = new ChildGroups(
                settings,
                household,
                roster.specs().stream().map(ChildSpec::role).distinct().toList(),
                text -> log.master("WARN", text));
        Reaper reaper = new Reaper(household, controlGroups, new Reaper.Listener() {
            @Override
            public void dead(int slot, int life, long pid) {
                loop.post(new Event.Died(System.nanoTime(), life));
            }

            @Override
            public void ended(int slot, int life, long pid, ExitStatus status, boolean outOfMemory) {
                // What the dead has printed comes first: it may say why it died.
                CompletableFuture<Void> _ = pump.ended(slot, life)
                        .thenRun(() -> loop.execute(() -> {
                            forget(leftovers, pid);
                            if (life < 0) {
                                String words = String.join("\n", pump.tail(Spawning.NO_SLOT, LAST_LINES));
                                checksLater.get().ended(life, status, words);
                            } else {
                                boolean exhausted = outOfMemory || pump.outOfMemory(slot, life);
                                Master.ended(loop, workers.find(life), status, exhausted);
                            }
                        }));
            }

            @Override
            public void note(int slot, String text) {
                loop.execute(() ->
                        log.master("WARN", slot < 0 ? text : roster.place(slot).name() + ": " + text));
            }
        });
        JvmCaches caches = caches(directory, log);
        ChildCommand command =
                new ChildCommand(settings, caches, directory.path(), board.file(), commandLine, main, arguments);
        Spawning spawning = new Spawning(
                command,
                pump,
                reaper,
                controlGroups,
                leftovers,
                event -> loop.execute(() -> made(loop, log, workers, children, checksLater.get(), event)));
        CheckDesk checks = new CheckDesk(loop, spawning, reaper);
        checksLater.set(checks);
        GroupCommands groups = new GroupCommands(loop, roster);
        ReloadDesk reloads = new ReloadDesk(
                loop,
                roster,
                generations,
                groups,
                checks,
                snapshots,
                slot -> pump.tail(slot, LAST_LINES),
                generation -> loaded(directory, generation),
                text -> log.master("INFO", text));
        reloadsLater.set(reloads);
        SlotTable table = new SlotTable(loop, workers, deaths);
        CommandDesk commands = new CommandDesk(
                loop,
                roster,
                deaths,
                new SlotCommands(loop, roster, workers, deaths, evidence),
                groups,
                reloads,
                table,
                health,
                user(directory.path()));
        MasterHands hands = new MasterHands(
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
                measuring,
                pump,
                log);
        new MasterSignals(loop, log, new MasterSignals.Wishes() {
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
                })
                .install();
        caches.start();
        measuring.start();
        pump.start();
        reaper.start();
        spawning.start();
        // Before anybody can give a command: none must find an application that was not started yet.
        loop.post(new Event.Started(System.nanoTime()));
        ControlServer server = open(new ControlDesk(loop, children, commands, checks, log));
        try {
            log.master("INFO", "starting " + roster.size() + " processes; run directory " + directory.path());
            loop.execute(Master::settle);
            return loop.run(hands).exitCode();
        } finally {
            reloads.close();
            close(server, log);
            caches.close();
            if (trace != null) {
                trace.close();
            }
            if (systemd != null) {
                systemd.close();
            }
            evidence.close();
            reaper.close();
            pump.close();
            log.flush(Duration.ofSeconds(2));
        }
    }

    private JvmCaches caches(RunDirectory directory, LogFiles log) {
        return new JvmCaches(
                settings.flag("aot.enabled") && Natives.available(),
                settings.path("aot.dir"),
                directory.path().resolve("classes"),
                Duration.ofMillis(settings.millis("aot.delay")),
                Path.of(System.getProperty("java.home"), "bin", "java"),
                JvmArguments.withoutOptions(System.getenv()),
                log::master);
    }

    /// The spawner's answer.
    private void made(
            MasterLoop loop, LogFiles log, Workers workers, ChildDesk children, CheckDesk checks, Event event) {
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

    /// What the command line reads follows the code that runs.
    private static void loaded(RunDirectory directory, Generation generation) {
        directory.write(
                RunDirectory.CONFIGURATION,
                ReportJson.flat(generation.settings().effective()));
        directory.write(RunDirectory.PROCESS_MAP, ProcessMapJson.write(generation.map()));
    }

    private static void ended(MasterLoop loop, @Nullable WorkerHandle worker, ExitStatus status, boolean outOfMemory) {
        if (worker != null) {
            loop.post(new Event.Exited(
                    System.nanoTime(),
                    worker.life(),
                    status.code(),
                    status.signal(),
                    worker.board().unitsDone(),
                    outOfMemory));
        }
    }

    private static void forget(Leftovers leftovers, long pid) {
        try {
            leftovers.reaped(pid);
        } catch (IOException _) {
            // A stale entry is harmless: it names a start time that no process has any more.
        }
    }

    private ControlServer open(ControlDesk desk) {
        try {
            Files.deleteIfExists(settings.controlSocket());
            return ControlServer.open(settings.controlSocket(), desk);
        } catch (IOException e) {
            throw new StartException(
                    73, "cannot open the control socket " + settings.controlSocket() + ": " + e.getMessage());
        }
    }

    private static void close(ControlServer server, LogFiles log) {
        try {
            server.close();
        } catch (IOException e) {
            log.master("WARN", "the control socket could not be removed: " + e.getMessage());
        }
    }

    private static long user(Path ours) {
        try {
            return ((Number) Files.getAttribute(ours, "unix:uid")).longValue();
        } catch (IOException e) {
            throw new StartException(73, "cannot read the owner of " + ours + ": " + e.getMessage());
        }
    }

    private static @Nullable TraceFile trace(SupervisorState beginning, int processors) {
        String file = System.getProperty("muster.trace", "");
        return file.isEmpty() ? null : new TraceFile(Path.of(file), beginning, processors);
    }

    private Limits limits() {
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
