package dev.muster.console;

import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import dev.muster.console.chaos.Fatality;
import dev.muster.console.chaos.Row;
import dev.muster.console.chaos.Stage;
import dev.muster.control.ExitCode;
import dev.muster.os.ExitStatus;
import dev.muster.task.Broker;
import dev.muster.task.Brokers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The application of `muster chaos`, on a directory of its own and from a copy of its jar, both of which may be
/// damaged.
///
/// **Threads:** commands any, the rest one owner. **Lifetime:** [#close] closes the queue; the master is stopped
/// before.
final class ChaosStage implements Stage, AutoCloseable {
    private static final String MARK = "MUSTER_CHAOS";
    private static final String CONFIGURATION = """
        tasks.workers: 1
        tasks.sqlite.durability: process
        spares.pool: 1
        limits.boot: 30s
        limits.drain: 5s
        limits.stop: 30s
        jvm.pool: -Xmx64m
        jvm.task: -Xmx64m
        jvm.user: -Xmx64m -XX:MaxDirectMemorySize=32m
        """;

    private final Path home;
    private final Path jar;
    private final Path config;
    private final Settings settings;
    private final MasterCommand command;
    private final Broker broker;
    private final String mark;
    private final Instance instance;
    private final Consumer<String> say;
    private @Nullable Background master;

    private ChaosStage(
            Path home,
            Path jar,
            Path config,
            Settings settings,
            MasterCommand command,
            String mark,
            Consumer<String> say) {
        this.home = home;
        this.jar = jar;
        this.config = config;
        this.settings = settings;
        this.command = command;
        this.broker = Brokers.open(settings);
        this.mark = mark;
        this.instance = new Instance(settings.runDir());
        this.say = say;
    }

    /// Makes the directory.
    ///
    /// @param more values that beat the configuration, `KEY=VALUE`
    static ChaosStage prepare(List<String> more, Consumer<String> say) throws IOException {
        Distribution distribution = Distribution.current();
        Path home = DemoDirectory.fresh();
        Path jar = Files.copy(distribution.example("chaos"), home.resolve("chaos.jar"));
        Path config = Files.writeString(home.resolve("muster.yml"), CONFIGURATION);
        Application application = Application.named(jar.toString());
        List<String> sets = new ArrayList<>(more);
        sets.addAll(List.of("data.dir=" + home.resolve("data"), "run.dir=" + home.resolve("run")));
        Settings settings = SettingsLoader.load(application.simpleName(), config, Map.of(), sets);
        MasterCommand plain = MasterCommand.of(
                distribution, application, List.of(), config, sets, settings, MasterCommand.Caches.NONE, true);
        Map<String, String> environment = new TreeMap<>(plain.environment());
        String id = UUID.randomUUID().toString();
        String _ = environment.put(MARK, id);
        MasterCommand command = new MasterCommand(plain.java(), plain.argv(), Map.copyOf(environment));
        Files.createDirectories(settings.dataDir());
        return new ChaosStage(home, jar, config, settings, command, MARK + "=" + id, say);
    }

    @Override
    public Path home() {
        return home;
    }

    @Override
    public Path runDir() {
        return settings.runDir();
    }

    @Override
    public Path socket() {
        return instance.socket();
    }

    @Override
    public Path config() {
        return config;
    }

    @Override
    public Path jar() {
        return jar;
    }

    @Override
    public Broker broker() {
        return broker;
    }

    @Override
    public String mark() {
        return mark;
    }

    @Override
    public long master() {
        Background now = master;
        return now == null ? 0 : now.pid();
    }

    @Override
    public void start() {
        Background fresh = Background.start(command, settings, home);
        master = fresh;
        fresh.awaitReady(say);
    }

    @Override
    public int startAnother() {
        Background second = Background.start(command, settings, home);
        try {
            second.awaitReady(say);
            ExitStatus status = second.stop(Duration.ofSeconds(5));
            say.accept("a second master has come up beside the first one, and ended: " + status);
            return ExitCode.DONE.number();
        } catch (Refusal e) {
            return e.exitCode();
        }
    }

    @Override
    public int stop(Duration limit) {
        Background now = master;
        if (now == null) {
            return ExitCode.NOT_RUNNING.number();
        }
        ExitStatus status = now.stop(limit);
        return status.signaled() ? 128 + status.signal() : status.code();
    }

    @Override
    public Answer answer(String verb, Map<String, String> options) {
        try {
            return new Answer(ExitCode.DONE.number(), Control.ask(instance, verb, options, _ -> {}));
        } catch (Refusal e) {
            return new Answer(e.exitCode(), String.valueOf(e.getMessage()));
        }
    }

    @Override
    public List<Row> rows() {
        Answer answer = answer("ps", Map.of());
        return answer.done()
                ? Json.array(answer.text()).stream().map(ChaosStage::row).toList()
                : List.of();
    }

    private static Row row(Json json) {
        List<Integer> generations = new ArrayList<>();
        if (json.number("pid") != 0) {
            generations.add((int) json.number("generation"));
        }
        if (json.members().get("others") instanceof List<?> others) {
            for (Object other : others) {
                if (other instanceof Json one) {
                    generations.add((int) one.number("generation"));
                }
            }
        }
        return new Row(
                (int) json.number("slot"),
                json.text("role"),
                json.text("name"),
                json.number("pid"),
                (int) json.number("generation"),
                json.text("state"),
                json.number("done") + json.number("failed"),
                json.flag("spare"),
                json.flag("paused"),
                List.copyOf(generations));
    }

    @Override
    public List<Fatality> deaths() {
        Answer answer = answer("deaths", Map.of());
        return answer.done()
                ? Json.array(answer.text()).stream().map(ChaosStage::death).toList()
                : List.of();
    }

    private static Fatality death(Json json) {
        return new Fatality(
                json.text("name"),
                json.number("pid"),
                json.text("reason"),
                json.text("kind"),
                (int) json.number("code"),
                (int) json.number("signal"),
                json.text("task"),
                json.text("dump"));
    }

    @Override
    public void close() {
        broker.close();
    }
}
