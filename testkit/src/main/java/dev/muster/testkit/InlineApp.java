package dev.muster.testkit;

import dev.muster.InstanceFactory;
import dev.muster.ServerStats;
import dev.muster.boot.InlineStart;
import dev.muster.inline.InlineMaster;
import dev.muster.observe.Death;
import dev.muster.task.Broker.QueueCounts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A whole application on threads of the test's own JVM: fast to start, and a debugger sees all of it. Nothing is
/// killed and nothing is isolated; for that there is [RunningApp].
///
/// ```java
/// try (InlineApp app = InlineApp.of(MyApp.class, directory).set("tasks.workers", "2").start()) {
///     Tasks.enqueue("mail.send", "somebody");
///     await().until(() -> app.queue("default").done() == 1);
/// }   // stops it in order, and fails if a thread of it does not end
/// ```
///
/// **Threads:** for one test thread; one application at a time in a JVM. **Lifetime:** [#close] stops it. The directory
/// can be used again by a next application, which finds the tasks that this one left. **Failure:** `System.exit` in
/// user code ends the JVM of the test; user code that never returns keeps its thread, and [#close] says so.
public final class InlineApp implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final QueueCounts UNUSED = new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0);

    private final Class<?> main;
    private final Path directory;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final List<Class<?>> chosen = new ArrayList<>();
    private @Nullable InstanceFactory instances;
    private @Nullable InlineMaster master;

    private InlineApp(Class<?> main, Path directory) {
        this.main = main;
        this.directory = directory;
    }

    /// An application that is not started yet. Its declarations are looked for where `main` was loaded from: the
    /// whole directory or jar.
    ///
    /// @param directory of the test's own; run and data directories are made in it
    public static InlineApp of(Class<?> main, Path directory) {
        return new InlineApp(main, directory);
    }

    /// With a configuration value. Neither `muster.yml` nor environment variables are read.
    public InlineApp set(String key, String value) {
        settings.put(key, value);
        return this;
    }

    /// With the declarations of these classes only, and of those nested in them and in the main class. For tests,
    /// whose directory holds the declarations of many applications.
    public InlineApp only(Class<?>... declared) {
        chosen.add(main);
        chosen.addAll(List.of(declared));
        return this;
    }

    /// With a factory for its objects.
    public InlineApp instances(InstanceFactory factory) {
        instances = factory;
        return this;
    }

    /// Starts it and waits until every slot is ready, or will not be soon.
    ///
    /// @throws dev.muster.supervise.StartException if it cannot be started
    /// @throws IllegalStateException if nothing became ready; it names the deaths
    public InlineApp start() throws InterruptedException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("run.dir", directory.resolve("run").toString());
        all.put("data.dir", directory.resolve("data").toString());
        all.putAll(settings);
        List<String> sets = new ArrayList<>();
        all.forEach((key, value) -> sets.add(key + "=" + value));
        InlineMaster started = InlineStart.start(main, scanned(), sets, instances);
        master = started;
        if (!started.awaitReady(PATIENCE)) {
            List<Death> deaths = started.deaths();
            started.close();
            throw new IllegalStateException("the application did not become ready; its deaths: " + deaths);
        }
        return this;
    }

    private List<Path> scanned() {
        if (chosen.isEmpty()) {
            return List.of();
        }
        Path jar = directory.resolve("declared.jar");
        AppJar.write(jar, chosen);
        return List.of(jar);
    }

    /// A moment of all slots.
    public ServerStats stats() {
        return running().stats();
    }

    /// A moment of one slot, by its name.
    public ServerStats.SlotStats slot(String name) {
        return stats().slots().stream()
                .filter(slot -> slot.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no slot " + name + " in " + stats()));
    }

    /// The last ends of lives, oldest first.
    public List<Death> deaths() {
        return running().deaths();
    }

    /// The numbers of a queue; all 0 if it was never used.
    public QueueCounts queue(String name) {
        return running().broker().counts().getOrDefault(name, UNUSED);
    }

    /// Orders the end of one slot's life; the slot stays empty.
    public void stop(String name) {
        running().stop(slot(name).slot());
    }

    /// Whether it is running: it was started, and neither stopped by [#close()] nor by its own code.
    public boolean alive() {
        return master != null && master.running();
    }

    /// Stops it in order and waits for the end; a second time does nothing.
    ///
    /// @throws IllegalStateException if a thread of it does not end; it names the slot
    @Override
    public void close() {
        if (master != null) {
            master.close();
        }
    }

    private InlineMaster running() {
        if (master == null) {
            throw new IllegalStateException("the application is not started: call start() first");
        }
        return master;
    }
}
