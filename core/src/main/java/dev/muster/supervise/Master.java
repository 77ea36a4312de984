package dev.muster.supervise;

import dev.muster.board.Board;
import dev.muster.board.BoardException;
import dev.muster.board.BoardFile;
import dev.muster.config.Settings;
import dev.muster.control.ExitCode;
import dev.muster.control.Message.DeadWorker;
import dev.muster.memory.MemoryDirectory;
import dev.muster.memory.MemoryException;
import dev.muster.memory.SharedMemory;
import dev.muster.observe.ReportJson;
import dev.muster.os.Identity;
import dev.muster.os.Natives;
import dev.muster.os.ProcFs;
import dev.muster.os.ProcessTitle;
import dev.muster.os.Subreaper;
import dev.muster.scan.ProcessMap;
import dev.muster.scan.ProcessMapJson;
import java.nio.file.Path;
import java.util.List;

/// The master: takes what an application has on this machine, its directories, its log, its board and what an earlier
/// master left there, lets a [RunningMaster] work with it, and gives it back.
///
/// It runs no user code, opens no database and speaks no protocol but its own.
///
/// **Threads:** [#run] blocks the calling thread, which becomes the loop.
public final class Master {
    /// What an application is started with.
    ///
    /// @param settings the effective configuration
    /// @param map the declarations with the configuration applied, in the order of their slots
    /// @param main the class with `main`, run again in each child
    /// @param arguments the arguments of `main`
    /// @param commandLine of this process, read before the title is set, which overwrites it
    record Start(Settings settings, ProcessMap map, String main, List<String> arguments, List<String> commandLine) {}

    private final Settings settings;
    private final ProcessMap map;
    private final String main;
    private final List<String> arguments;
    private final Roster roster;
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
            directory.makePost();
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
        try (WebPorts ports = new WebPorts(log::master)) {
            // Before anything is made: an application that cannot have its port leaves nothing behind.
            ports.open(map);
            return withPorts(directory, log, household, leftovers, ports);
        }
    }

    private int withPorts(
            RunDirectory directory, LogFiles log, Household household, Leftovers leftovers, WebPorts ports) {
        Path file = BoardFile.place(directory.path());
        try (BoardClaim _ = BoardClaim.of(directory.path(), file)) {
            return withPlace(directory, log, household, leftovers, ports, file);
        }
    }

    private int withPlace(
            RunDirectory directory, LogFiles log, Household household, Leftovers leftovers, WebPorts ports, Path file) {
        List<DeadWorker> dead = Inheritance.of(file, log::master);
        try (Board board =
                Board.create(file, places(), Math.max(1, roster.size()), Identity.self(), Estate.entries(dead))) {
            Estate estate = new Estate(board);
            estate.inherit(dead);
            SharedMemory.refuse("this process is the master, where no code of the application runs, so shared memory"
                    + " cannot be used here; use it in what @UserProcess, @Pool or @Task has started");
            MemoryDirectory memory = MemoryDirectory.create(file, Identity.self());
            boolean orderly = false;
            try {
                int code = withBoard(directory, log, household, leftovers, ports, board, estate);
                orderly = true;
                return code;
            } catch (StartException e) {
                // No process of the application has worked yet.
                orderly = true;
                throw e;
            } finally {
                memory.delete();
                // What nobody has given back yet is the next start's to give back: its board keeps it, as it does
                // when a defect ends this master in the middle of its children's work. And where another master has
                // the directory, the file there is its board.
                if (orderly && !estate.owing() && directory.usurper().isEmpty()) {
                    board.delete();
                }
            }
        } catch (BoardException | MemoryException e) {
            throw new StartException(ExitCode.CANNOT_WRITE, String.valueOf(e.getMessage()));
        }
    }

    /// How many processes the board has room for. Most of it has no memory until it is needed.
    private int places() {
        return Math.clamp(4L * roster.size(), 1_024, 4_096);
    }

    private int withBoard(
            RunDirectory directory,
            LogFiles log,
            Household household,
            Leftovers leftovers,
            WebPorts ports,
            Board board,
            Estate estate) {
        MixedJar.warning(main).ifPresent(warning -> log.master("WARN", warning));
        try (ClassPathSnapshots copies = new ClassPathSnapshots(
                settings.dataDir(), List.of(settings.dataDir(), settings.runDir(), settings.logDir()))) {
            Start start = new Start(settings, map, main, arguments, commandLine);
            return new RunningMaster(start, roster, directory, log, household, leftovers, ports, board, estate, copies)
                    .run();
        }
    }
}
