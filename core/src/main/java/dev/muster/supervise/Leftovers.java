package dev.muster.supervise;

import dev.muster.board.Incarnation;
import dev.muster.control.ExitCode;
import dev.muster.os.Identity;
import dev.muster.os.PrivateFile;
import dev.muster.os.ProcFs;
import dev.muster.os.ProcStat;
import dev.muster.os.ProcessTable;
import dev.muster.os.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// The children of this run directory, written down so that a later master can find those of a dead one. A child is
/// known by its pid *and* its start time: a bare pid may be anybody's by then. What the children of a dead master had
/// started is known by the [LifeMark] in its environment.
///
/// **Threads:** [#born] and [#reaped] from the threads that spawn and reap; [#end] before any child exists.
final class Leftovers {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// Which boot of the machine the others are of.
    private static final String BOOT = "boot";

    private final Path directory;
    private final Household household;
    private final boolean afterDeath;

    /// @param directory for the identities; exists already if a master has ended without tidying up
    Leftovers(Path directory, Household household) {
        this(directory, household, Incarnation.self().boot());
    }

    /// @param boot which boot of the machine this is
    Leftovers(Path directory, Household household, String boot) {
        this.directory = directory;
        this.household = household;
        afterDeath = Files.isDirectory(directory);
        RunDirectory.makePrivate(directory);
        begin(boot);
    }

    /// Forgets what was written before the machine was started anew: by now its pids and start times may be those
    /// of anybody.
    private void begin(String boot) {
        Path file = directory.resolve(BOOT);
        try {
            if (Files.exists(file) && !Files.readString(file).strip().equals(boot)) {
                forgetAll();
            }
            PrivateFile.write(file, boot + "\n");
        } catch (IOException e) {
            throw new StartException(ExitCode.CANNOT_WRITE, "cannot write " + file + ": " + e.getMessage());
        }
    }

    private void forgetAll() throws IOException {
        for (Identity child : written()) {
            Files.deleteIfExists(file(child));
        }
    }

    void born(Identity child) throws IOException {
        Files.createFile(file(child));
    }

    /// Forgets the child with this pid: after it was reaped, and before its pid can be that of another child of
    /// ours.
    void reaped(long pid) throws IOException {
        for (Identity child : written()) {
            if (child.pid() == pid) {
                Files.deleteIfExists(file(child));
            }
        }
    }

    private Path file(Identity child) {
        return directory.resolve(child.pid() + "." + child.startTime());
    }

    /// Kills what is left of a dead master's children and of what they had started, and waits until it is gone.
    ///
    /// @return those that were killed
    /// @throws StartException if one of them does not die
    List<Identity> end() {
        if (!afterDeath) {
            return List.of();
        }
        Map<Identity, String> killed = new LinkedHashMap<>();
        for (Identity child : written()) {
            if (child.alive()) {
                killed.put(child, "");
                Signals.sendGroup(child.pid(), Signals.KILL);
                Signals.send(child.pid(), Signals.KILL);
            }
        }
        long end = System.nanoTime() + PATIENCE.toNanos();
        // Once more after the last: who starts others may have done so meanwhile.
        while (killMarked(killed) && System.nanoTime() < end) {
            Thread.onSpinWait();
        }
        for (Identity process : killed.keySet()) {
            await(process, end);
        }
        try {
            forgetAll();
        } catch (IOException e) {
            throw new StartException(ExitCode.CANNOT_WRITE, "cannot tidy up " + directory + ": " + e.getMessage());
        }
        return List.copyOf(killed.keySet());
    }

    /// This run directory is locked, so whoever carries the mark of another master of it has survived that one.
    private boolean killMarked(Map<Identity, String> killed) {
        Map<Integer, ProcStat> table = ProcessTable.all();
        Set<Integer> spared = Descent.lineOf(table, household.master().pid());
        Set<Integer> roots = new HashSet<>();
        for (int pid : table.keySet()) {
            Optional<LifeMark> mark = ProcFs.environment(pid, LifeMark.VARIABLE).flatMap(LifeMark::parse);
            boolean left = mark.isPresent()
                    && mark.get().place().equals(household.place())
                    && !mark.get().master().equals(household.master())
                    && !mark.get().master().alive();
            if (left) {
                roots.add(pid);
            }
        }
        return Sweep.killEach(table, Descent.of(table, roots, spared), killed);
    }

    private static void await(Identity process, long end) {
        while (process.alive()) {
            if (System.nanoTime() > end) {
                throw new StartException(
                        ExitCode.SYSTEM_RESOURCE,
                        "process " + process.pid()
                                + " of an earlier master does not end after SIGKILL; it may still be"
                                + " working, so nothing is started beside it");
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    private List<Identity> written() {
        List<Identity> children = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                int dot = name.indexOf('.');
                if (dot > 0 && name.matches("\\d{1,18}\\.\\d{1,18}")) {
                    children.add(new Identity(
                            Long.parseLong(name.substring(0, dot)), Long.parseLong(name.substring(dot + 1))));
                }
            }
        } catch (NoSuchFileException e) {
            return children;
        } catch (IOException e) {
            throw new StartException(ExitCode.CANNOT_WRITE, "cannot read " + directory + ": " + e.getMessage());
        }
        return children;
    }
}
