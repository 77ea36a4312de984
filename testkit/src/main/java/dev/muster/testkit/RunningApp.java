package dev.muster.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.control.ControlClient;
import dev.muster.control.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A whole application for a test: a real master with real children, in a directory of the test's own.
///
/// ```java
/// try (RunningApp app = RunningApp.of(MyApp.class, directory).set("tasks.workers", "2").start()) {
///     app.kill9("Ticker");
///     app.await("Ticker is back", ps -> ...);
/// }   // stops it, and fails if anything is left
/// ```
///
/// With the system property `muster.native=off` it runs in degraded mode.
///
/// **Threads:** for one test thread. **Lifetime:** [#close] stops the application and checks that nothing of it is
/// left: no process, no socket, no file beyond those that are meant to stay, nothing in shared memory.
public final class RunningApp implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    static final List<String> MASTER_OPTIONS = List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");
    private static final JsonMapper JSON = new JsonMapper();

    private final String main;
    private final Path replaced;
    private final Path directory;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private final List<String> options = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();
    private final List<String> prefix = new ArrayList<>();
    private final List<Class<?>> packed = new ArrayList<>();
    private @Nullable String onClassPath;
    private boolean ownJar;
    private final Traces traces = new Traces();
    private Path jar;
    private Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    private Process master;

    @SuppressWarnings("NullAway.Init")
    private RunningApp(String main, Path replaced, Path directory) {
        this.main = main;
        this.replaced = replaced;
        this.directory = directory;
        jar = directory.resolve("app.jar");
    }

    /// An application that is not started yet.
    ///
    /// @param directory an empty one of the test's own; run, data and log directories are made in it
    public static RunningApp of(Class<?> main, Path directory) {
        RunningApp app = new RunningApp(main.getName(), AppJar.sourceOf(main), directory);
        app.packed.add(main);
        return app;
    }

    /// An application whose code the test has put into the jar [#jar()], and may put there again. The class path of
    /// the test stands behind that jar.
    ///
    /// @param main the name of the main class
    public static RunningApp ofJar(String main, Path directory) {
        RunningApp app = new RunningApp(main, directory, directory);
        app.ownJar = true;
        return app;
    }

    /// An application on another class path than that of the test.
    ///
    /// @param main the name of the main class
    /// @param classPath entries with `:` between them
    public static RunningApp on(String classPath, String main, Path directory) {
        RunningApp app = new RunningApp(main, directory, directory);
        app.onClassPath = classPath;
        return app;
    }

    /// With a configuration value.
    public RunningApp set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /// With an option for the virtual machine of the master. It is given native access unless this option denies
    /// it.
    public RunningApp option(String option) {
        options.add(option);
        return this;
    }

    /// With an environment variable.
    public RunningApp environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /// With another Java runtime than that of the test.
    public RunningApp java(Path program) {
        java = program;
        return this;
    }

    /// With an argument for `main`.
    public RunningApp argument(String argument) {
        arguments.add(argument);
        return this;
    }

    /// Out of a jar of its own, made in the directory, that holds nothing but the main class, these, and what is
    /// nested in them: other declarations that lie beside the main class do not belong to the application then.
    public RunningApp packed(Class<?>... beside) {
        ownJar = true;
        packed.addAll(List.of(beside));
        return this;
    }

    /// With the jar of the packed application in another place. What is there already, a jar or a directory of
    /// classes, is taken as it is.
    public RunningApp jar(Path place) {
        jar = place;
        return this;
    }

    /// The jar of an application out of a jar of its own.
    public Path jar() {
        return jar;
    }

    /// With words before the command of the master, for example `sh -c …`.
    public RunningApp prefix(String... words) {
        prefix.addAll(List.of(words));
        return this;
    }

    /// Starts it and waits until every process is ready, or will not be soon.
    public RunningApp start() {
        launch();
        awaitReady();
        return this;
    }

    /// Waits until every process is ready, or will not be soon.
    public void awaitReady() {
        Awaitility.await("control socket of " + main)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> !master.isAlive() || answers());
        assertThat(master.isAlive())
                .as(() -> "the master lives; it said:\n" + output())
                .isTrue();
        assertThat(command("ready", Map.of()).exitCode()).as(this::output).isZero();
    }

    /// The socket of a dead master may still lie there.
    private boolean answers() {
        try (ControlClient client = ControlClient.connect(socket(), Duration.ofSeconds(5))) {
            return client != null;
        } catch (IOException _) {
            return false;
        }
    }

    /// Starts the master and does not wait.
    public RunningApp launch() {
        List<String> command = new ArrayList<>(prefix);
        command.add(java.toString());
        command.addAll(MASTER_OPTIONS);
        if (sharesCaches()) {
            command.addAll(TestCaches.master());
        }
        if (!options.contains("--illegal-native-access=deny")) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        String natives = System.getProperty("muster.native");
        if (natives != null) {
            command.add("-Dmuster.native=" + natives);
        }
        command.addAll(options);
        Map<String, String> all = new LinkedHashMap<>();
        all.put("run.dir", runDir().toString());
        all.put("data.dir", directory.resolve("data").toString());
        // To make a cache costs more than a test can gain from it.
        all.put("aot.delay", "1h");
        all.putAll(settings);
        if (sharesCaches()) {
            TestCaches.use(all);
        }
        int number = 0;
        for (Map.Entry<String, String> set : all.entrySet()) {
            command.add("-Dmuster.set." + number++ + "=" + set.getKey() + "=" + set.getValue());
        }
        command.addAll(List.of("-cp", classPath(), main));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(outputFile().toFile()));
        builder.environment().putAll(environment);
        builder.environment().put(Traces.VARIABLE, traces.id());
        try {
            master = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the master", e);
        }
        return this;
    }

    private boolean sharesCaches() {
        return !packed.isEmpty() && settings.keySet().stream().noneMatch(key -> key.startsWith("aot."));
    }

    private String classPath() {
        if (onClassPath != null) {
            return onClassPath;
        }
        if (ownJar && !Files.exists(jar)) {
            AppJar.write(jar, packed);
        }
        return packed.isEmpty() ? TestClassPath.behind(jar) : TestClassPath.before(ownJar ? jar : replaced, replaced);
    }

    /// The directory of the test, which is also the working directory of every process.
    public Path directory() {
        return directory;
    }

    /// The run directory.
    public Path runDir() {
        return directory.resolve("run");
    }

    /// The log directory.
    public Path logDir() {
        String named = settings.get("log.dir");
        return named == null ? dataDir().resolve("log") : Path.of(named);
    }

    /// The data directory.
    public Path dataDir() {
        return Path.of(
                settings.getOrDefault("data.dir", directory.resolve("data").toString()));
    }

    private Path socket() {
        return runDir().resolve("control.sock");
    }

    private Path outputFile() {
        return directory.resolve("master.out");
    }

    /// What the master has said on stdout and stderr; every line of the log is among it.
    public String output() {
        try {
            return Files.exists(outputFile()) ? Files.readString(outputFile()) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The master's process id.
    public long masterPid() {
        return master.pid();
    }

    /// Sends a verb to the master and waits for its answer.
    public Message.Reply command(String verb, Map<String, String> values) {
        try (ControlClient client = ControlClient.connect(socket(), Duration.ofSeconds(5))) {
            client.send(new Message.Command(Message.PROTOCOL_VERSION, verb, values));
            while (true) {
                if (client.receive() instanceof Message.Reply reply) {
                    return reply;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(verb + " failed; the master said:\n" + output(), e);
        }
    }

    /// `muster reload`.
    ///
    /// @param scope the word for a role, the name of a declaration, or empty for all
    public Message.Reply reload(String scope) {
        return command("reload", scope.isEmpty() ? Map.of() : Map.of("scope", scope));
    }

    /// `muster scale`.
    public Message.Reply scale(String group, int instances) {
        return command("scale", Map.of("group", group, "instances", Integer.toString(instances)));
    }

    /// `muster pause`.
    public Message.Reply pause(String group) {
        return command("pause", Map.of("group", group));
    }

    /// `muster resume`.
    public Message.Reply resume(String group) {
        return command("resume", Map.of("group", group));
    }

    /// What `muster why` says of a slot.
    public String why(String slot) {
        Message.Reply reply = command("why", Map.of("slot", slot));
        assertThat(reply.exitCode()).as(reply.body()).isZero();
        return reply.body();
    }

    /// The rows of `ps --json`.
    public List<JsonNode> ps() {
        return rows(command("ps", Map.of()).body());
    }

    /// The rows of `deaths --json`.
    public List<JsonNode> deaths() {
        return rows(command("deaths", Map.of()).body());
    }

    /// Waits for as many deaths in a slot.
    ///
    /// @return the last of them
    public JsonNode awaitDeath(String name, int number) {
        List<JsonNode> rows = Awaitility.await("death " + number + " of " + name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> deaths(name), found -> found.size() >= number);
        return rows.get(number - 1);
    }

    /// Waits for the first death in a slot.
    public JsonNode awaitDeath(String name) {
        return awaitDeath(name, 1);
    }

    private static List<JsonNode> rows(String json) {
        List<JsonNode> rows = new ArrayList<>();
        JSON.readTree(json).forEach(rows::add);
        return rows;
    }

    /// The deaths in a slot so far.
    public List<JsonNode> deaths(String name) {
        return deaths().stream()
                .filter(row -> row.get("name").asString().equals(name))
                .toList();
    }

    /// The row of one slot.
    public JsonNode slot(String name) {
        return ps().stream()
                .filter(row -> row.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no slot " + name + " in " + ps()));
    }

    /// The process id in a slot, 0 if none.
    public long pid(String name) {
        return slot(name).get("pid").asLong();
    }

    /// Waits for something in a slot's row.
    public JsonNode await(String name, Predicate<JsonNode> wish) {
        return Awaitility.await(name)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> slot(name), wish);
    }

    /// Waits until a slot is RUNNING with another process than this.
    public JsonNode awaitReplaced(String name, long formerPid) {
        return await(
                name,
                row -> row.get("state").asString().equals("RUNNING")
                        && row.get("pid").asLong() != formerPid);
    }

    /// Waits until a slot is in a state.
    public JsonNode awaitState(String name, String state) {
        return await(name, row -> row.get("state").asString().equals(state));
    }

    /// Waits until the log holds a text.
    public void awaitOutput(String text) {
        awaitOutput(Pattern.compile(Pattern.quote(text)));
    }

    /// Waits until the log holds something like this.
    public void awaitOutput(Pattern wanted) {
        Awaitility.await("output with: " + wanted)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> wanted.matcher(output()).find());
    }

    /// Sends a signal as an operator would.
    public void signal(String signal, long pid) {
        traces.signal(signal, pid);
    }

    /// `kill -9` of the process in a slot.
    ///
    /// @return the killed pid
    public long kill9(String name) {
        long pid = pid(name);
        signal("KILL", pid);
        return pid;
    }

    /// Orders the stop and waits for the end of the master.
    ///
    /// @return its exit code
    public int stop() {
        if (master.isAlive()) {
            command("stop", Map.of());
        }
        return awaitExit();
    }

    /// Waits for the end of the master.
    ///
    /// @return its exit code
    public int awaitExit() {
        try {
            assertThat(master.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .as(() -> "the master ends; it said:\n" + output())
                    .isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
        return master.exitValue();
    }

    /// Whether the master lives.
    public boolean alive() {
        return master.isAlive();
    }

    /// The processes of this application that exist now, the master among them.
    public List<Long> processes() {
        return traces.processes();
    }

    /// Waits until no process of it exists, for at most so long. One that is killed exists until it is reaped.
    public void awaitNoProcess(Duration most) {
        Awaitility.await("no process of the application")
                .atMost(most)
                .pollInterval(Duration.ofMillis(10))
                .until(traces::areGone);
    }

    @Override
    public void close() {
        try {
            if (master != null && master.isAlive()) {
                assertThat(stop())
                        .as(() -> "exit code of an orderly stop; the master said:\n" + output())
                        .isZero();
            }
            Remains.assertNone(traces, runDir(), this::output);
        } finally {
            traces.killAll();
        }
    }
}
