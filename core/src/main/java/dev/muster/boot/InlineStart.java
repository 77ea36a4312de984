package dev.muster.boot;

import dev.muster.InstanceFactory;
import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import dev.muster.control.ExitCode;
import dev.muster.inline.InlineMaster;
import dev.muster.os.Natives;
import dev.muster.os.Signals;
import dev.muster.scan.Declaration;
import dev.muster.scan.DeclaredValues;
import dev.muster.scan.ProcessMap;
import dev.muster.scan.Scanner;
import dev.muster.task.Instances;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The start of an application in this one JVM: as the program that the JVM runs, or as a part of a test.
public final class InlineStart {
    private InlineStart() {}

    /// Starts an application inside a program of somebody else: no signal is handled, and the JVM is not ended.
    ///
    /// @param main the class that names the application
    /// @param scanned jars and directories in which declarations are looked for; empty: beside the main class, and
    ///     in `app.scan`
    /// @param sets values of the configuration, `KEY=VALUE`; no file and no environment variable counts beside them
    /// @param instances makes the objects of user code, null for the factory that is found
    /// @throws dev.muster.supervise.StartException if it cannot be started
    public static InlineMaster start(
            Class<?> main, List<Path> scanned, List<String> sets, @Nullable InstanceFactory instances) {
        Settings settings = SettingsLoader.load(main.getSimpleName(), null, Map.of(), sets);
        List<Path> sources = scanned.isEmpty() ? Found.sources(main, settings) : scanned;
        ProcessMap map = DeclaredValues.apply(Scanner.scan(main.getName(), sources), settings);
        return start(main, settings, map, instances);
    }

    private static InlineMaster start(
            Class<?> main, Settings settings, ProcessMap map, @Nullable InstanceFactory instances) {
        ClassLoader loader = main.getClassLoader();
        // Who asks after the health of one JVM asks the JVM. And one server is enough for one JVM.
        List<Declaration> processes = map.processes().stream()
                .filter(declaration -> !(declaration instanceof Declaration.Console))
                .map(declaration -> declaration instanceof Declaration.Web web
                        ? new Declaration.Web(web.name(), 1, web.host(), web.port())
                        : declaration)
                .toList();
        ProcessMap own = new ProcessMap(
                map.mainClass(), processes, map.tasks(), map.schedules(), map.listeners(), map.warnings());
        return InlineMaster.start(settings, own, loader, Instances.resolve(instances, loader));
    }

    /// Runs an application until it has ended. Blocks.
    ///
    /// @return the exit code of the JVM
    static int run(Class<?> main, @Nullable InstanceFactory instances, Settings settings, ProcessMap map) {
        // Nothing here needs them, and what else runs in this JVM is asked for no permission because of us.
        Natives.switchOff();
        InlineMaster master = start(main, settings, map, instances);
        AtomicInteger signals = new AtomicInteger();
        for (String signal : new String[] {"TERM", "HUP", "INT"}) {
            Signals.handle(signal, () -> stop(master, signals.incrementAndGet()));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(master), "muster-exit"));
        while (true) {
            try {
                if (master.awaitEnd(Duration.ofDays(1))) {
                    return master.exitCode();
                }
            } catch (InterruptedException e) {
                // The main thread of a program that is stopped by signal or command: nobody has a reason to.
                master.stop(false);
            }
        }
    }

    private static void stop(InlineMaster master, int signal) {
        if (signal > 2) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
        }
        master.stop(signal == 2);
    }

    private static void leave(InlineMaster master) {
        try {
            master.leaveJvm();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
