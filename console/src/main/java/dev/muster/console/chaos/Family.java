package dev.muster.console.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.muster.os.ProcFs;
import dev.muster.os.ProcStat;
import dev.muster.os.Signals;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The processes of one application, grandchildren in sessions of their own included: all that have its mark in their
/// environment. A zombie has no environment any more, and is found by its parent.
///
/// **Threads:** any. **Failure:** a process that ends meanwhile may be in the answer.
final class Family {
    private static final Path PROC = Path.of("/proc");

    private final String mark;

    /// @param mark `NAME=VALUE`
    Family(String mark) {
        this.mark = mark;
    }

    /// All living members.
    List<Long> members() {
        List<Long> members = new ArrayList<>();
        for (long pid : processes()) {
            if (marked(pid) && ProcFs.stat(pid).filter(stat -> !stat.zombie()).isPresent()) {
                members.add(pid);
            }
        }
        return members;
    }

    /// Those that have ended and that their parent, a member, has not collected.
    List<Long> zombies() {
        Set<Long> parents = new TreeSet<>(members());
        List<Long> zombies = new ArrayList<>();
        for (long pid : processes()) {
            Optional<ProcStat> stat = ProcFs.stat(pid);
            if (stat.isPresent()
                    && stat.get().zombie()
                    && parents.contains(stat.get().ppid())) {
                zombies.add(pid);
            }
        }
        return zombies;
    }

    /// Sends a signal to every member.
    void signal(int signal) {
        members().forEach(pid -> {
            boolean _ = Signals.send(pid, signal);
        });
    }

    /// Sends a signal to a member; nothing happens if the pid is somebody else's by now.
    void signal(long pid, int signal) {
        if (pid > 1 && marked(pid)) {
            boolean _ = Signals.send(pid, signal);
        }
    }

    private boolean marked(long pid) {
        try {
            String environment = new String(Files.readAllBytes(PROC.resolve(pid + "/environ")), ISO_8859_1);
            return environment.contains(mark);
        } catch (IOException _) {
            return false;
        }
    }

    private static List<Long> processes() {
        try (Stream<Path> all = Files.list(PROC)) {
            return all.map(process -> String.valueOf(process.getFileName()))
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(Long::parseLong)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("/proc cannot be listed", e);
        }
    }
}
