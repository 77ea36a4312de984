package dev.muster.os;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A control group of our own, below that of this process, for one child and all that descends from it: nothing that
/// the child does takes a process out of it. In version 1 it is a directory for each controller, in version 2 one.
///
/// **Threads:** any. **Lifetime:** a group stays after the end of its processes and of its maker: [#remove()] it, or
/// let a later start find it with [#named(ControlGroups, String)]. **Failure:** see the methods.
public final class ControlGroup {
    private final String name;
    private final List<ControlGroups.Place> places;

    private ControlGroup(String name, List<ControlGroups.Place> places) {
        this.name = name;
        this.places = List.copyOf(places);
    }

    /// Makes an empty group with limits. In version 2 this process moves into a group of its own before the first,
    /// as a group that has limits to give may hold no process.
    ///
    /// @param name of its directories
    /// @param pids most processes and threads in it, 0 for no limit
    /// @param memory most bytes that they may use together, 0 for no limit
    /// @throws IOException if the system refuses; then nothing of it is left
    public static ControlGroup make(ControlGroups groups, String name, int pids, long memory) throws IOException {
        List<ControlGroups.Place> places = new ArrayList<>();
        if (pids > 0) {
            places.add(place(groups, ControlGroups.PIDS));
        }
        if (memory > 0) {
            ControlGroups.Place place = place(groups, ControlGroups.MEMORY);
            if (!places.contains(place)) {
                places.add(place);
            }
        }
        ControlGroup group = new ControlGroup(name, places);
        try {
            for (ControlGroups.Place place : places) {
                if (place.version() == 2) {
                    delegate(
                            place.directory(),
                            pids > 0
                                    && groups.place(ControlGroups.PIDS)
                                            .filter(place::equals)
                                            .isPresent(),
                            memory > 0
                                    && groups.place(ControlGroups.MEMORY)
                                            .filter(place::equals)
                                            .isPresent());
                }
                Files.createDirectories(group.directory(place));
            }
            if (pids > 0) {
                write(group.directory(places.getFirst()).resolve("pids.max"), Integer.toString(pids));
            }
            if (memory > 0) {
                limitMemory(places.getLast().version(), group.directory(places.getLast()), memory);
            }
        } catch (IOException e) {
            boolean _ = group.remove();
            throw e;
        }
        return group;
    }

    private static ControlGroups.Place place(ControlGroups groups, String controller) throws IOException {
        return groups.place(controller).orElseThrow(() -> new NoSuchFileException("controller " + controller));
    }

    private static void limitMemory(int version, Path directory, long bytes) throws IOException {
        String limit = Long.toString(bytes);
        if (version == 1) {
            write(directory.resolve("memory.limit_in_bytes"), limit);
            writeIfThere(directory.resolve("memory.memsw.limit_in_bytes"), limit);
        } else {
            write(directory.resolve("memory.max"), limit);
            writeIfThere(directory.resolve("memory.swap.max"), "0");
            writeIfThere(directory.resolve("memory.oom.group"), "1");
        }
    }

    /// Lets groups below this directory have limits.
    private static void delegate(Path directory, boolean pids, boolean memory) throws IOException {
        List<String> given = ControlGroups.words(directory.resolve("cgroup.subtree_control"));
        boolean enough =
                (!pids || given.contains(ControlGroups.PIDS)) && (!memory || given.contains(ControlGroups.MEMORY));
        if (enough) {
            return;
        }
        // The root of the whole hierarchy is the one group without a type, and may hold processes all the same.
        if (Files.exists(directory.resolve("cgroup.type"))) {
            Path own = directory.resolve("muster-master");
            Files.createDirectories(own);
            write(
                    own.resolve("cgroup.procs"),
                    Long.toString(ProcessHandle.current().pid()));
        }
        write(directory.resolve("cgroup.subtree_control"), (pids ? "+pids " : "") + (memory ? "+memory" : ""));
    }

    /// The groups that exist below that of this process and whose names begin so, whoever made them.
    public static List<ControlGroup> named(ControlGroups groups, String prefix) {
        Set<ControlGroups.Place> places = new HashSet<>();
        groups.place(ControlGroups.PIDS).ifPresent(places::add);
        groups.place(ControlGroups.MEMORY).ifPresent(places::add);
        List<ControlGroup> found = new ArrayList<>();
        for (ControlGroups.Place place : places) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(place.directory(), prefix + "*")) {
                for (Path entry : entries) {
                    found.add(new ControlGroup(entry.getFileName().toString(), List.of(place)));
                }
            } catch (IOException | java.nio.file.DirectoryIteratorException _) {
                // What cannot be read was not made by this user.
            }
        }
        return found;
    }

    /// The name of its directories.
    public String name() {
        return name;
    }

    /// Puts a process with all its threads into it; what it starts from then on is in it too.
    ///
    /// @throws IOException also if the process has ended
    public void add(long pid) throws IOException {
        for (ControlGroups.Place place : places) {
            write(directory(place).resolve("cgroup.procs"), Long.toString(pid));
        }
    }

    /// The processes in it now, ended ones that were not collected perhaps included.
    public Set<Long> processes() {
        Set<Long> pids = new HashSet<>();
        for (ControlGroups.Place place : places) {
            for (String pid : ControlGroups.words(directory(place).resolve("cgroup.procs"))) {
                // What a process of another pid namespace looks like from here.
                if (!pid.equals("0")) {
                    pids.add(Long.parseLong(pid));
                }
            }
        }
        return pids;
    }

    /// Sends SIGKILL to everything in it: in version 2 the kernel does that without a gap; in version 1 each
    /// process is signalled, so that one that is starting others must be killed again until nobody is left.
    ///
    /// @return how many there were to kill
    public int kill() {
        int killed = 0;
        for (ControlGroups.Place place : places) {
            Path order = directory(place).resolve("cgroup.kill");
            if (place.version() == 2 && Files.exists(order, LinkOption.NOFOLLOW_LINKS)) {
                try {
                    write(order, "1");
                } catch (IOException _) {
                    // It is signalled process by process below.
                }
            }
        }
        for (long pid : processes()) {
            killed += kill(pid) ? 1 : 0;
        }
        return killed;
    }

    /// The descriptor is opened before membership is looked at again: a pid that was given away meanwhile belongs
    /// to somebody outside.
    private boolean kill(long pid) {
        if (pid <= 1 || pid == ProcessHandle.current().pid()) {
            return false;
        }
        try (Pidfd pidfd = Pidfd.open((int) pid)) {
            boolean living = ProcFs.stat(pid).filter(stat -> !stat.zombie()).isPresent();
            return living && processes().contains(pid) && pidfd.signal(Signals.KILL);
        } catch (NativeException _) {
            return false;
        }
    }

    /// How often the kernel has killed one of its processes for want of memory.
    public long memoryKills() {
        long kills = 0;
        for (ControlGroups.Place place : places) {
            Path directory = directory(place);
            String file = place.version() == 1 ? "memory.oom_control" : "memory.events";
            kills = Math.max(kills, ControlGroups.count(directory.resolve(file), "oom_kill"));
        }
        return kills;
    }

    /// Removes it if nobody is in it any more.
    ///
    /// @return whether it is gone
    public boolean remove() {
        boolean gone = true;
        for (ControlGroups.Place place : places) {
            try {
                Files.deleteIfExists(directory(place));
            } catch (IOException _) {
                gone = false;
            }
        }
        return gone;
    }

    private Path directory(ControlGroups.Place place) {
        return place.directory().resolve(name);
    }

    private static void writeIfThere(Path file, String text) throws IOException {
        if (Files.exists(file)) {
            write(file, text);
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }
}
