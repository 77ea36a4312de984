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
import dev.muster.os.NativeException;
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
    /// Whether processes of the application may be at work: from the first turn of the loop until they have ended.
    private boolean working;

    private Master(Settings settings, ProcessMap map, String main, List<String> arguments) {
        this.settings = settings;
        this.map = map;
        this.main = main;
        this.arguments = arguments;
        roster = new Roster(map.processes(), settings, System.getProperty("muster.debug", ""));
    }

    /// Looks whether this process may open as many files as a master needs. To be called before anything is read or
    /// made for an application.
    ///
    /// @throws StartException if it may not
    public static void checkDescriptors() {
        DescriptorNeed.check();
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
        // Whatever is opened below is closed in reverse order, at the end as after a step that fails.
        try (Closer opened = new Closer()) {
            RunningMaster running = started(opened);
            working = true;
            int code = running.run();
            working = false;
            return code;
        } catch (BoardException | MemoryException e) {
            throw new StartException(ExitCode.CANNOT_WRITE, String.valueOf(e.getMessage()));
        }
    }

    private RunningMaster started(Closer opened) {
        try {
            return start(opened);
        } catch (NativeException e) {
            throw e.shortage() ? DescriptorNeed.refused(e) : e;
        }
    }

    private RunningMaster start(Closer opened) {
        RunDirectory directory = opened.keep(RunDirectory.open(settings.runDir()), RunDirectory::close);
        RunDirectory.makePrivate(directory.dumps());
        directory.makePost();
        directory.write(RunDirectory.CONFIGURATION, ReportJson.flat(settings.effective()));
        directory.write(RunDirectory.PROCESS_MAP, ProcessMapJson.write(map));
        LogFiles log = log(opened);
        Subreaper.become();
        Household household = Household.of(directory.path());
        Leftovers leftovers = new Leftovers(directory.children(), household);
        for (Identity killed : leftovers.end()) {
            log.master("WARN", "killed process " + killed.pid() + ", left over from an earlier master");
        }
        // Before anything is made: an application that cannot have its port leaves nothing behind.
        WebPorts ports = opened.keep(new WebPorts(log::master), WebPorts::close);
        ports.open(map);
        Path file = BoardFile.place(directory.path());
        var _ = opened.keep(BoardClaim.of(directory.path(), file), BoardClaim::close);
        List<DeadWorker> dead = Inheritance.of(file, log::master);
        Board board = opened.keep(
                Board.create(file, places(), Math.max(1, roster.size()), Identity.self(), Estate.entries(dead)),
                Board::close);
        Estate estate = new Estate(board);
        estate.inherit(dead);
        opened.onClose(() -> endBoard(board, estate, directory));
        SharedMemory.refuse("this process is the master, where no code of the application runs, so shared memory"
                + " cannot be used here; use it in what @UserProcess, @Pool or @Task has started");
        var _ = opened.keep(MemoryDirectory.create(file, Identity.self()), MemoryDirectory::delete);
        MixedJar.warning(main).ifPresent(warning -> log.master("WARN", warning));
        ClassPathSnapshots copies = opened.keep(
                new ClassPathSnapshots(
                        settings.dataDir(), List.of(settings.dataDir(), settings.runDir(), settings.logDir())),
                ClassPathSnapshots::close);
        Start start = new Start(settings, map, main, arguments, commandLine);
        RunningMaster running = new RunningMaster(
                start, roster, directory, log, household, leftovers, ports, board, estate, copies, opened);
        running.start();
        return running;
    }

    private LogFiles log(Closer opened) {
        boolean foreground = !Boolean.getBoolean("muster.background");
        LogFiles log = new LogFiles(
                settings.logDir(),
                settings.appName(),
                settings.bytes("log.maxSize"),
                settings.number("log.keep"),
                foreground ? Master::echo : null);
        log.start();
        opened.onClose(log::close);
        log.master(
                "INFO",
                "found " + map.processes().size() + " processes and "
                        + map.tasks().size() + " tasks in " + main);
        if (!Natives.available()) {
            log.master("WARN", Natives.warning());
        }
        log.master("INFO", "wrote the process map to " + settings.runDir().resolve(RunDirectory.PROCESS_MAP));
        map.warnings().forEach(warning -> log.master("WARN", warning));
        return log;
    }

    private static void echo(byte[] lines) {
        System.err.write(lines, 0, lines.length);
        System.err.flush();
    }

    /// What nobody has given back yet is the next start's to give back: its board keeps it, as it does when a
    /// defect ends this master in the middle of its children's work. And where another master has the directory,
    /// the file there is its board.
    private void endBoard(Board board, Estate estate, RunDirectory directory) {
        if (!working && !estate.owing() && directory.usurper().isEmpty()) {
            board.delete();
        }
    }

    /// How many processes the board has room for. Most of it has no memory until it is needed.
    private int places() {
        return Math.clamp(4L * roster.size(), 1_024, 4_096);
    }
}
