package dev.muster.console;

import dev.muster.config.SettingsLoader;
import dev.muster.console.DoctorVerb.Finding;
import dev.muster.os.ControlGroups;
import dev.muster.os.Identity;
import dev.muster.os.Natives;
import dev.muster.os.Signals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Looks at the machine without changing anything.
final class Diagnosis {
    private static final long MANY_FILES = 4_096;
    private static final long MANY_PROCESSES = 1_024;
    private static final long LITTLE_SHARED_MEMORY = 64L << 20;

    private final List<Finding> findings = new ArrayList<>();

    private Diagnosis() {}

    static List<Finding> of(InstanceOptions instance) {
        Diagnosis diagnosis = new Diagnosis();
        diagnosis.java();
        diagnosis.nativeAccess();
        diagnosis.caches();
        diagnosis.limits();
        diagnosis.cgroups();
        diagnosis.sharedMemory();
        diagnosis.runDirectory(instance);
        diagnosis.signals();
        return diagnosis.findings;
    }

    private void java() {
        int feature = Runtime.version().feature();
        String found = System.getProperty("java.runtime.version") + " in " + System.getProperty("java.home");
        add(feature == 25, "java", found, "Muster is made for Java 25; set MUSTER_JAVA_HOME");
        boolean tools = Files.isExecutable(Path.of(System.getProperty("java.home"), "bin", "jcmd"));
        add(
                tools,
                "jdk tools",
                "jcmd is " + (tools ? "there" : "missing"),
                "install a JDK, not a JRE, to use jcmd and jstack");
    }

    private void nativeAccess() {
        if (!Natives.available()) {
            add(false, "native access", Natives.warning(), "allow it, on Linux with glibc, to have everything");
            return;
        }
        try {
            String self = "native calls work (pid " + Identity.self().pid() + ")";
            add(
                    Diagnosis.class.getModule().isNativeAccessEnabled(),
                    "native access",
                    self,
                    "add --enable-native-access=ALL-UNNAMED to the options of the JVM");
        } catch (RuntimeException | LinkageError e) {
            add(
                    false,
                    "native access",
                    "native calls fail: " + e,
                    "Muster needs Linux on x86-64 or AArch64 with glibc");
        }
    }

    private void caches() {
        String home = System.getProperty("muster.home", "");
        if (home.isEmpty()) {
            return;
        }
        Distribution distribution = new Distribution(Path.of(home));
        String missing = Stream.of("cli", "master", "pool", "user")
                .filter(name -> !Files.isReadable(distribution.cache(name)))
                .collect(Collectors.joining(", "));
        add(
                missing.isEmpty(),
                "jvm caches",
                missing.isEmpty() ? "all made" : "not made: " + missing,
                "processes start more slowly; make them with 'muster train'");
    }

    private void limits() {
        limit("open files", "Max open files", MANY_FILES, "ulimit -n");
        limit("processes", "Max processes", MANY_PROCESSES, "ulimit -u");
        limit("core file", "Max core file size", 0, "ulimit -c");
    }

    private void limit(String subject, String row, long enough, String command) {
        String line = lines("/proc/self/limits").stream()
                .filter(text -> text.startsWith(row))
                .findFirst()
                .orElse("");
        String soft = line.isEmpty()
                ? "unknown"
                : line.substring(row.length()).strip().split(" +", 2)[0];
        boolean ok = soft.equals("unlimited") || soft.equals("unknown") || Long.parseLong(soft) >= enough;
        add(ok, subject, "limit " + soft, "raise it to " + enough + " or more (" + command + ")");
    }

    /// Only the limits `resources.ROLE.pids` and `resources.ROLE.memory` need them.
    private void cgroups() {
        ControlGroups groups = ControlGroups.detect();
        for (String controller : List.of(ControlGroups.PIDS, ControlGroups.MEMORY)) {
            add(
                    groups.missing(controller).isEmpty(),
                    "cgroup " + controller,
                    groups.describe(controller),
                    "resources.ROLE." + controller + " cannot be kept here; give the application a group of its own"
                            + " (systemd: Delegate=yes)");
        }
    }

    private void sharedMemory() {
        Path directory = Path.of("/dev/shm");
        try {
            FileStore store = Files.getFileStore(directory);
            boolean ok = Files.isWritable(directory) && store.getUsableSpace() >= LITTLE_SHARED_MEMORY;
            add(
                    ok,
                    "shared memory",
                    directory + " is " + store.type() + " with " + Texts.size(store.getUsableSpace()) + " free",
                    "the board is kept there: make it writable, with 64 MiB free (in a container: --shm-size)");
        } catch (IOException e) {
            add(false, "shared memory", directory + " cannot be looked at: " + e.getMessage(), "mount a tmpfs there");
        }
    }

    private void runDirectory(InstanceOptions instance) {
        Path directory = Objects.requireNonNullElseGet(
                instance.runDir(),
                () -> SettingsLoader.load(
                                Objects.requireNonNullElse(instance.app(), "any"), null, System.getenv(), List.of())
                        .runDir());
        @Nullable Path existing = directory.toAbsolutePath();
        while (existing != null && !Files.isDirectory(existing)) {
            existing = existing.getParent();
        }
        if (existing == null) {
            add(false, "run directory", directory + " has no parent that exists", "choose another with run.dir");
            return;
        }
        try {
            String type = Files.getFileStore(existing).type();
            boolean network = type.startsWith("nfs") || type.equals("cifs") || type.startsWith("fuse");
            add(
                    Files.isWritable(existing) && !network,
                    "run directory",
                    directory + " is on " + type,
                    network
                            ? "sockets and locks need a local file system: choose another with run.dir"
                            : existing + " cannot be written: choose another with run.dir");
        } catch (IOException e) {
            add(false, "run directory", directory + ": " + e.getMessage(), "choose another with run.dir");
        }
    }

    private void signals() {
        String ignored = Stream.of("TERM", "INT", "HUP", "CHLD", "PIPE")
                .filter(Signals::ignored)
                .collect(Collectors.joining(", "));
        add(
                ignored.isEmpty(),
                "signals",
                ignored.isEmpty() ? "none is ignored" : "inherited as ignored: " + ignored,
                "whatever started this shell ignores them (nohup, a background job); processes of an application have"
                        + " them all reset, a master only CHLD and PIPE: end it with muster stop");
    }

    private void add(boolean ok, String subject, String found, String mend) {
        findings.add(new Finding(ok, subject, ok ? found : found + "; " + mend));
    }

    private static List<String> lines(String file) {
        try {
            return Files.readAllLines(Path.of(file), StandardCharsets.UTF_8);
        } catch (IOException _) {
            return List.of();
        }
    }
}
