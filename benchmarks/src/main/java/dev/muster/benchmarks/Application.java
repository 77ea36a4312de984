package dev.muster.benchmarks;

import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import dev.muster.control.ControlClient;
import dev.muster.control.Message;
import dev.muster.os.RunLock;
import dev.muster.task.Brokers;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real application: started and stopped by the command line, with run, data and log directories of its own.
///
/// **Threads:** one. **Lifetime:** [#close] stops it and removes its directory. **Failure:** what the command line says
/// goes to stderr, and a verb that fails ends the benchmark; the directory stays then.
final class Application implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final JsonMapper JSON = new JsonMapper();

    private final Distribution distribution = Distribution.current();
    private final Path directory;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private boolean running;

    /// @param name of its directory
    Application(String name) {
        directory = place(name);
        remove(directory);
        make(directory);
        Application _ = set("run.dir", directory.resolve("run").toString());
        Application _ = set("data.dir", directory.resolve("data").toString());
    }

    /// The directory of an application, made if it is missing.
    static Path place(String name) {
        Path place = Path.of(System.getProperty("muster.work", "benchmarks/target/work"), name)
                .toAbsolutePath();
        make(place);
        return place;
    }

    /// The same, without what was there.
    static Path emptyPlace(String name) {
        remove(place(name));
        return place(name);
    }

    private static void make(Path directory) {
        try {
            Path _ = Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + directory, e);
        }
    }

    /// With a configuration value.
    Application set(String key, String value) {
        String _ = settings.put(key, value);
        return this;
    }

    /// Starts the measured application and returns when it is ready.
    ///
    /// @param boot whether its task workers have a spare, and whether its processes use the caches of the demo, as
    ///     the demo itself does; they make none of their own
    /// @param trace where the master records its history, null for nowhere
    void start(Boot boot, @Nullable Path trace) {
        boolean cached = boot.cached();
        Application _ = set("aot.enabled", "false");
        if (boot == Boot.SPARE) {
            Application _ = set("spares.task", "1");
        }
        String master = cached ? "-XX:AOTCache=" + distribution.cache("master") : "";
        // For a profiler, whoever needs one: -Dmuster.jvm.task=-XX:StartFlightRecording=…
        String workers = System.getProperty("muster.jvm.task", "");
        if (cached) {
            workers += " -XX:AOTCache=" + distribution.cache("pool");
        }
        if (!workers.isBlank()) {
            Application _ = set("jvm.task", workers.strip());
        }
        if (trace != null) {
            master += " -Dmuster.trace=" + trace;
        }
        if (!master.isBlank()) {
            Application _ = set("jvm.master", master.strip());
        }
        String classPath = distribution.classPath(cached).stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        run(List.of("-cp", classPath, MeasuredApp.class.getName()));
    }

    /// Starts the application that is made like a real one, and returns when it is ready. Its processes have the
    /// caches that Muster makes for any application; they are made first if they are to be used and are missing.
    void startRealistic(Boot boot) {
        Path caches = place("realistic-caches");
        Application _ = set("aot.enabled", Boolean.toString(boot.cached()));
        Application _ = set("aot.dir", caches.toString());
        Application _ = set("aot.delay", "5s");
        if (boot == Boot.SPARE) {
            Application _ = set("spares.task", "1");
        }
        String classPath = distribution.realisticClassPath().stream()
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
        List<String> words = List.of("-cp", classPath, "dev.muster.benchmarks.realistic.Shop");
        Set<Path> before = filesIn(caches);
        run(words);
        if (boot.cached() && !cached(workerPid())) {
            await("a new cache of the JVM in " + caches, () -> !before.containsAll(filesIn(caches)));
            stop();
            run(words);
        }
    }

    /// The caches that are complete.
    static Set<Path> filesIn(Path caches) {
        try (Stream<Path> files = Files.list(caches)) {
            return files.filter(file -> file.toString().endsWith(".jsa")).collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Starts the application whose processes talk with each other, and returns when it is ready.
    ///
    /// @param repeats how often it measures
    /// @param scale by which its counts are divided
    void startTalking(int repeats, int scale) {
        Application _ = set("aot.enabled", "false");
        Application _ = set("jvm.user", "-Dtalking.repeats=" + repeats + " -Dtalking.scale=" + scale);
        run(List.of(
                "-cp", distribution.talking().resolve("classes").toString(), "dev.muster.benchmarks.talking.Talking"));
    }

    /// Starts an application out of a directory of classes, and returns when it is ready.
    void startClasses(Path classes, String main) {
        run(List.of("-cp", classes.toString(), main));
    }

    /// With web workers on a port of this machine.
    Application web(int port, int workers) {
        return set("server.host", "127.0.0.1")
                .set("server.port", Integer.toString(port))
                .set("server.workers", Integer.toString(workers));
    }

    /// All of its processes, the master first.
    List<Long> pids() {
        List<Long> pids = new ArrayList<>(List.of(masterPid()));
        ps().forEach(row -> pids.add(row.get("pid").asLong()));
        return pids;
    }

    /// The process in the first slot.
    long workerPid() {
        return ps().getFirst().get("pid").asLong();
    }

    /// Starts the demo, without messages, and returns when it is ready.
    void startDemo() {
        run(List.of("demo"));
    }

    private void run(List<String> application) {
        List<String> words = new ArrayList<>(List.of("run", "-d"));
        settings.forEach((key, value) -> words.addAll(List.of("--set", key + "=" + value)));
        words.addAll(application);
        running = true;
        muster(words);
    }

    private void muster(List<String> words) {
        List<String> command = new ArrayList<>();
        boolean _ = command.add(distribution.muster().toString());
        boolean _ = command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        String _ = builder.environment().put("MUSTER_JAVA_HOME", System.getProperty("java.home"));
        try {
            int code = builder.start().waitFor();
            if (code != 0) {
                throw new IllegalStateException(String.join(" ", command) + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    /// The working directory of its processes.
    Path directory() {
        return directory;
    }

    Path runDir() {
        return directory.resolve("run");
    }

    /// Its queue, as a producer outside of it sees it; works while it does not run, too.
    TaskQueue queue() {
        List<String> sets = new ArrayList<>();
        settings.forEach((key, value) -> {
            boolean _ = sets.add(key + "=" + value);
        });
        Settings all = SettingsLoader.load(MeasuredApp.class.getSimpleName(), null, Map.of(), sets);
        return new TaskQueue(Brokers.open(all));
    }

    long masterPid() {
        return RunLock.holder(runDir().resolve("lock"))
                .orElseThrow(() -> new IllegalStateException("no master runs in " + runDir()));
    }

    /// The rows of `ps`.
    List<JsonNode> ps() {
        return rows("ps");
    }

    /// The rows of `deaths`.
    List<JsonNode> deaths() {
        return rows("deaths");
    }

    /// Whether a process has mapped a cache of the JVM, one of the distribution or one that Muster has made. One
    /// that it has rejected is not mapped, and the one that every JDK has does not count.
    static boolean cached(long pid) {
        try {
            String maps = Files.readString(Path.of("/proc", Long.toString(pid), "maps"), StandardCharsets.UTF_8);
            return maps.contains(".aot\n") || maps.contains("-caches/");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at the process " + pid, e);
        }
    }

    /// Waits until a process has ended and returns its row of `deaths`: with a spare, others work before it ends.
    JsonNode awaitDeath(long pid) {
        await("the death of " + pid, () -> death(pid).isPresent());
        return death(pid).orElseThrow();
    }

    private Optional<JsonNode> death(long pid) {
        return deaths().stream()
                .filter(death -> death.get("pid").asLong() == pid)
                .findFirst();
    }

    /// Waits until a spare is ready.
    void awaitSpare() {
        await("a spare that is ready", () -> ps().stream().anyMatch(Application::readySpare));
    }

    /// Waits until something is so.
    static void await(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(what + " was not seen within " + LIMIT.toSeconds() + " s");
            }
            LockSupport.parkNanos(GLANCE.toNanos());
        }
    }

    private static boolean readySpare(JsonNode row) {
        return row.path("spare").asBoolean() && row.get("state").asString().equals("READY");
    }

    /// Gives a command and waits until it is carried out.
    ///
    /// @throws IllegalStateException if it fails
    void command(String verb, Map<String, String> options) {
        Message.Reply reply = ask(verb, options);
        if (reply.exitCode() != 0) {
            throw new IllegalStateException(verb + " ended with " + reply.exitCode() + ": " + reply.body());
        }
    }

    private List<JsonNode> rows(String verb) {
        return JSON.readTree(ask(verb, Map.of()).body()).valueStream().toList();
    }

    private Message.Reply ask(String verb, Map<String, String> options) {
        try (ControlClient client = ControlClient.connect(runDir().resolve("control.sock"), LIMIT)) {
            client.send(new Message.Command(Message.PROTOCOL_VERSION, verb, options));
            while (true) {
                if (client.receive() instanceof Message.Reply reply) {
                    return reply;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(verb + " failed", e);
        }
    }

    /// Stops it and waits for its end.
    void stop() {
        if (running) {
            running = false;
            muster(List.of("stop", "--run-dir", runDir().toString()));
        }
    }

    @Override
    public void close() {
        stop();
        remove(directory);
    }

    private static void remove(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try {
            Path _ = Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + directory, e);
        }
    }
}
