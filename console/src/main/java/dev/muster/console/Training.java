package dev.muster.console;

import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import dev.muster.control.ExitCode;
import dev.muster.os.ExitStatus;
import dev.muster.os.Identity;
import dev.muster.os.NativeException;
import dev.muster.os.ProcFs;
import dev.muster.os.Signals;
import dev.muster.os.SpawnRequest;
import dev.muster.os.Spawner;
import dev.muster.os.Wait;
import dev.muster.task.Broker;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Brokers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Makes the caches in `aot/` of the distribution folder: the command line runs some verbs, and the example works for a
/// while with JVMs that record which classes they load; then each of them is told to write its cache.
///
/// A cache fits one build of the JDK and the very jars that it was made with; a file beside the caches says which JDK,
/// and the script that assembles the folder sees to the jars.
///
/// **Failure:** a cache that is not made is missing, and everything works without it.
final class Training {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    /// All of them record, each into a file of its own: two that share one destroy it.
    private static final String PER_PROCESS = "%p.aot";

    private static final int MESSAGES = 400;
    private static final int VISITS = 400;
    private static final List<String> NAMES = List.of("cli", "master", "pool", "user", "web");

    private final Distribution distribution;
    private final Consumer<String> say;

    Training(Distribution distribution, Consumer<String> say) {
        this.distribution = distribution;
        this.say = say;
    }

    /// Makes what is missing or made by another JDK.
    ExitCode run() throws IOException, InterruptedException {
        Path madeBy = distribution.home().resolve("aot/jdk");
        String jdk = System.getProperty("java.runtime.version") + " " + System.getProperty("java.vm.vendor");
        boolean same = Files.exists(madeBy) && Files.readString(madeBy).equals(jdk);
        if (same && NAMES.stream().allMatch(name -> Files.exists(distribution.cache(name)))) {
            return ExitCode.DONE;
        }
        Path work = DemoDirectory.fresh();
        boolean made = commandLine(work);
        made &= application(work);
        Path _ = Files.writeString(madeBy, jdk);
        if (!made) {
            say.accept("what was tried is in " + work);
            return ExitCode.FAILED;
        }
        DemoDirectory.remove(work);
        return ExitCode.DONE;
    }

    /// The same options as in this JVM, because the cache depends on them.
    private boolean commandLine(Path work) throws IOException {
        Path cache = work.resolve("cli.aot");
        List<String> argv = new ArrayList<>();
        for (String argument : ProcFs.cmdline(Identity.self().pid())) {
            if (argument.equals(Main.class.getName())) {
                break;
            }
            argv.add(argument.startsWith("-XX:AOTCache=") ? "-XX:AOTCacheOutput=" + cache : argument);
        }
        argv.addAll(List.of(Main.class.getName(), "train", "--warm"));
        Optional<ExitStatus> _ = run(argv, work.resolve("cli.out"));
        return install("cli", cache);
    }

    private boolean application(Path work) throws IOException, InterruptedException {
        Application example = Application.named("demo");
        List<String> sets = List.of(
                "data.dir=" + work.resolve("data"),
                "run.dir=" + work.resolve("run"),
                "pools.asynctask.instances=1",
                "jvm.pool=-XX:AOTCacheOutput=" + work.resolve(PER_PROCESS),
                "jvm.user=-XX:AOTCacheOutput=" + work.resolve(PER_PROCESS),
                "jvm.web=-XX:AOTCacheOutput=" + work.resolve(PER_PROCESS),
                "server.host=127.0.0.1",
                "server.workers=1",
                "server.port=" + FreePort.preferably(0));
        Settings settings = SettingsLoader.load(example.simpleName(), null, Map.of(), sets);
        MasterCommand.Caches recording =
                new MasterCommand.Caches(List.of("-XX:AOTCacheOutput=" + work.resolve(PER_PROCESS)), List.of());
        MasterCommand command =
                MasterCommand.of(distribution, example, List.of(), null, sets, settings, recording, true);
        Background master = Background.start(command, settings, work);
        try {
            master.awaitReady(_ -> {});
            String rows = Control.ask(master.instance(), "ps", Map.of(), _ -> {});
            work(settings);
            Visitor.visit(settings.number("server.port"), VISITS);
            boolean made = record("pool", work, pidOf("pool", rows));
            made &= record("user", work, pidOf("user", rows));
            made &= record("web", work, pidOf("web", rows));
            made &= record("master", work, master.pid());
            return made;
        } catch (Refusal e) {
            say.accept("the example could not be run: " + e.getMessage());
            return false;
        } finally {
            ExitStatus _ = master.stop(STOP_LIMIT);
        }
    }

    private static void work(Settings settings) throws InterruptedException {
        List<NewTask> tasks = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            String parameters = "[" + i + ",\"user-" + i + "\"]";
            tasks.add(NewTask.of(
                    DemoMessages.QUEUE,
                    "{\"class\":\"dev.muster.examples.demo.Mail\",\"method\":\"send\",\"param\":" + parameters + "}"));
        }
        long end = System.nanoTime() + LIMIT.toNanos();
        try (Broker broker = Brokers.open(settings)) {
            List<String> _ = broker.enqueue(tasks);
            CountDownLatch pause = new CountDownLatch(1);
            while (TasksVerb.total(broker.counts()).done() < MESSAGES && System.nanoTime() < end) {
                boolean _ = pause.await(100, TimeUnit.MILLISECONDS);
            }
        }
    }

    private static long pidOf(String role, String rows) {
        return Json.array(rows).stream()
                .filter(row -> row.text("role").equals(role))
                .map(row -> row.number("pid"))
                .findFirst()
                .orElse(0L);
    }

    /// Tells a recording JVM to write its cache; it goes on afterwards.
    private boolean record(String name, Path work, long pid) throws IOException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Optional<ExitStatus> _ =
                run(List.of(jcmd.toString(), Long.toString(pid), "AOT.end_recording"), work.resolve(name + ".out"));
        return install(name, work.resolve(PER_PROCESS.replace("%p", "pid" + pid)));
    }

    private boolean install(String name, Path cache) throws IOException {
        if (!Files.isRegularFile(cache)) {
            Path output = cache.resolveSibling(name + ".out");
            String why = Files.exists(output)
                    ? Files.readString(output, StandardCharsets.UTF_8).strip()
                    : "";
            say.accept("the cache '" + name + "' was not made: " + why);
            return false;
        }
        Path target = distribution.cache(name);
        Path near = target.resolveSibling(target.getFileName() + ".new");
        Path _ = Files.copy(cache, near, StandardCopyOption.REPLACE_EXISTING);
        Path _ = Files.move(near, target, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    private static Optional<ExitStatus> run(List<String> argv, Path output) throws IOException {
        List<String> shell = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" >\"$0\" 2>&1", output.toString()));
        shell.addAll(argv);
        try {
            Path directory = Path.of("").toAbsolutePath();
            int pid =
                    Spawner.spawn(new SpawnRequest(Path.of("/bin/sh"), shell, System.getenv(), directory, 1, 2, false));
            Identity process = Identity.of(pid).orElseThrow();
            if (!Gone.within(process, LIMIT)) {
                boolean _ = Signals.sendGroup(pid, Signals.KILL);
                boolean _ = Gone.within(process, LIMIT);
            }
            return Wait.tryReap(pid);
        } catch (NativeException e) {
            throw new IOException("cannot start " + argv.getFirst(), e);
        }
    }
}
