package dev.muster.os;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Where this process stands in the control groups of the machine, and whether it may make groups below that;
/// `cgroups(7)`. Knows both versions of the interface, also side by side: a controller belongs to one of them.
///
/// **Threads:** immutable. **Lifetime:** what was found when it was made. **Failure:** what cannot be read is not
/// there.
public final class ControlGroups {
    public static final String PIDS = "pids";
    public static final String MEMORY = "memory";

    private static final int LONGEST = 1 << 20;

    /// The group of this process for one controller.
    ///
    /// @param version of the interface, 1 or 2
    /// @param directory of the group
    record Place(int version, Path directory) {}

    private final Map<String, Place> places;
    private final Optional<Place> unified;
    private final Predicate<Path> writable;

    private ControlGroups(Map<String, Place> places, Optional<Place> unified, Predicate<Path> writable) {
        this.places = places;
        this.unified = unified;
        this.writable = writable;
    }

    /// Looks at this process.
    public static ControlGroups detect() {
        return of(
                ProcFs.read("/proc/self/cgroup", LONGEST).orElse(""),
                ProcFs.read("/proc/self/mountinfo", LONGEST).orElse(""),
                Files::isWritable);
    }

    /// @param groups the lines of `/proc/self/cgroup`
    /// @param mounts the lines of `/proc/self/mountinfo`
    static ControlGroups of(String groups, String mounts, Predicate<Path> writable) {
        Map<String, Place> places = new HashMap<>();
        Optional<Place> unified = Optional.empty();
        for (String line : groups.lines().toList()) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3) {
                continue;
            }
            if (fields[0].equals("0") && fields[1].isEmpty()) {
                unified = directory(mounts, "cgroup2", "", fields[2]).map(path -> new Place(2, path));
                continue;
            }
            for (String controller : fields[1].split(",", -1)) {
                directory(mounts, "cgroup", controller, fields[2])
                        .ifPresent(path -> places.put(controller, new Place(1, path)));
            }
        }
        unified.ifPresent(place -> {
            for (String controller : words(place.directory().resolve("cgroup.controllers"))) {
                places.putIfAbsent(controller, place);
            }
        });
        return new ControlGroups(places, unified, writable);
    }

    /// The directory of a group in the first hierarchy that is mounted for the controller. In a container the mount
    /// may begin below the root that the path counts from.
    private static Optional<Path> directory(String mounts, String type, String controller, String group) {
        for (String line : mounts.lines().toList()) {
            int dash = line.indexOf(" - ");
            String[] head = dash < 0 ? new String[0] : line.substring(0, dash).split(" ", -1);
            String[] tail = dash < 0 ? new String[0] : line.substring(dash + 3).split(" ", -1);
            boolean fits = head.length > 4
                    && tail.length > 2
                    && tail[0].equals(type)
                    && (controller.isEmpty()
                            || Arrays.asList(tail[2].split(",", -1)).contains(controller));
            if (fits) {
                String root = head[3];
                String below = root.equals("/") || !group.startsWith(root) ? group : group.substring(root.length());
                Path mount = Path.of(head[4]);
                Path place = mount.resolve(below.startsWith("/") ? below.substring(1) : below);
                return Optional.of(root.equals("/") || group.startsWith(root) ? place : mount);
            }
        }
        return Optional.empty();
    }

    /// The group in which this process is for a controller, empty if the machine does not have it.
    Optional<Place> place(String controller) {
        return Optional.ofNullable(places.get(controller));
    }

    /// The group of this process in version 2, with or without controllers.
    Optional<Place> unified() {
        return unified;
    }

    /// What keeps a controller from being used for children, in words; empty if nothing does.
    ///
    /// @param controller [#PIDS] or [#MEMORY]
    public Optional<String> missing(String controller) {
        Place place = places.get(controller);
        if (place == null) {
            return Optional.of(
                    unified.isPresent()
                            ? "the control group " + unified.get().directory() + " has no controller " + controller
                                    + " (cgroup.controllers)"
                            : "no control groups with the controller " + controller + " are mounted");
        }
        for (String file : place.version() == 1 ? List.of("") : List.of("", "cgroup.procs", "cgroup.subtree_control")) {
            Path path = file.isEmpty() ? place.directory() : place.directory().resolve(file);
            if (!writable.test(path)) {
                return Optional.of(path + " cannot be written by this user");
            }
        }
        return Optional.empty();
    }

    /// One line for people about a controller.
    public String describe(String controller) {
        return controller + ": "
                + missing(controller)
                        .orElseGet(() -> place(controller)
                                .map(place -> "version " + place.version() + " in " + place.directory())
                                .orElse("unknown"));
    }

    /// How often the kernel has killed a process of this process's own memory group for want of memory; 0 where it
    /// does not count.
    public long memoryKills() {
        Place place = places.get(MEMORY);
        if (place == null) {
            return 0;
        }
        String file = place.version() == 1 ? "memory.oom_control" : "memory.events";
        return count(place.directory().resolve(file), "oom_kill");
    }

    /// The number behind a word in a file of lines `WORD NUMBER`, 0 if there is none.
    static long count(Path file, String word) {
        return ProcFs.read(file.toString(), LONGEST)
                .orElse("")
                .lines()
                .filter(line -> line.startsWith(word + " "))
                .mapToLong(
                        line -> Long.parseLong(line.substring(word.length() + 1).strip()))
                .findFirst()
                .orElse(0);
    }

    static List<String> words(Path file) {
        return ProcFs.read(file.toString(), LONGEST)
                .map(text -> Arrays.stream(text.split("\\s+", -1))
                        .filter(word -> !word.isEmpty())
                        .toList())
                .orElse(List.of());
    }
}
