package dev.muster.console;

import dev.muster.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The command line of a master: a small JVM whose main class is the application's.
///
/// The class path is Muster's libraries, then the application's jars in their own order, then a log back end if the
/// application brings none. Muster comes first, because a JVM cache fits only a class path that begins as the one it
/// was made with, and because another version of a library in the application must not break the supervision.
///
/// @param java the executable
/// @param argv its arguments, the name included
/// @param environment all of its environment
record MasterCommand(Path java, List<String> argv, Map<String, String> environment) {
    /// Set by the launcher script for variables that it hides from the command line's own JVM.
    private static final String HIDDEN = "muster.env.";

    private static final List<String> JVM = List.of(
            "-Xms8m",
            "-Xmx64m",
            // what a master needs that waits: its tables hold little, and most of its code runs a few times
            "-Xmn1m",
            "-XX:StringTableSize=4096",
            "-XX:CompileThresholdScaling=2",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+DisplayVMOutputToStderr",
            // the cache where it was made for: its pages stay shared, and need no patching at the start
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            "-XX:AsyncDeflationInterval=2000",
            "-XX:TrimNativeHeapInterval=10000",
            // an unusable cache costs time, not correctness; everything else that the JVM has to say is talk
            "-Xlog:disable",
            "-Xlog:all=warning,aot=off,cds=off:stderr",
            "--enable-native-access=ALL-UNNAMED");

    /// The caches that an application's JVMs may use.
    ///
    /// @param master option for the master's JVM, empty for none
    /// @param properties what tells the master about the caches of its children
    record Caches(List<String> master, List<String> properties) {
        static final Caches NONE = new Caches(List.of(), List.of());

        /// The same with more properties for the master.
        Caches with(List<String> more) {
            List<String> all = new ArrayList<>(properties);
            all.addAll(more);
            return new Caches(master, List.copyOf(all));
        }

        /// Those that the build made for the demo. Other applications make their own.
        static Caches of(Distribution distribution, Application application) {
            if (!application.code().equals(distribution.example("demo"))) {
                return NONE;
            }
            List<String> properties = new ArrayList<>();
            Map<String, String> byRole =
                    new TreeMap<>(Map.of("pool", "pool", "task", "pool", "user", "user", "web", "web"));
            byRole.forEach((role, name) -> {
                Path cache = distribution.cache(name);
                if (Files.isReadable(cache)) {
                    properties.add("-Dmuster.aot." + role + "=" + cache);
                }
            });
            Path master = distribution.cache("master");
            return new Caches(
                    Files.isReadable(master) ? List.of("-XX:AOTCache=" + master) : List.of(), List.copyOf(properties));
        }
    }

    /// @param config the configuration file, null for none
    /// @param sets values that beat it, `KEY=VALUE`
    /// @param settings what results from them
    /// @param background whether its output goes to a file
    static MasterCommand of(
            Distribution distribution,
            Application application,
            List<String> arguments,
            @Nullable Path config,
            List<String> sets,
            Settings settings,
            Caches caches,
            boolean background) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> argv = new ArrayList<>();
        argv.add(java.toString());
        argv.addAll(JVM);
        argv.addAll(caches.master());
        argv.addAll(settings.options("master"));
        argv.add("-Dmuster.home=" + distribution.home());
        // an empty value says that there is none: the master would look for one by itself if the property were absent
        argv.add("-Dmuster.config=" + (config == null ? "" : config));
        for (int i = 0; i < sets.size(); i++) {
            argv.add("-Dmuster.set." + i + "=" + sets.get(i));
        }
        if (background) {
            argv.add("-Dmuster.background=true");
        }
        argv.addAll(caches.properties());
        argv.add("-cp");
        argv.add(Distribution.classPath(classPath(distribution, application)));
        argv.add(application.mainClass());
        argv.addAll(arguments);
        return new MasterCommand(java, List.copyOf(argv), environment(application, settings));
    }

    /// The same application in one JVM, which runs user code: with the defaults of the virtual machine instead of
    /// what keeps a master small. The options of `jvm.master` still hold.
    MasterCommand inline(Settings settings) {
        int properties = 1;
        while (!argv.get(properties).startsWith("-Dmuster.home=")) {
            properties++;
        }
        List<String> whole = new ArrayList<>();
        whole.add(argv.getFirst());
        whole.add("--enable-native-access=ALL-UNNAMED");
        whole.addAll(settings.options("master"));
        whole.add("-Dmuster.inline=true");
        whole.addAll(argv.subList(properties, argv.size()));
        return new MasterCommand(java, List.copyOf(whole), environment);
    }

    private static List<Path> classPath(Distribution distribution, Application application) {
        List<Path> classPath = new ArrayList<>(distribution.libraries());
        classPath.addAll(application.classPath());
        if (!application.bringsLogging()) {
            classPath.addAll(distribution.logging());
        }
        return classPath;
    }

    private static Map<String, String> environment(Application application, Settings settings) {
        Map<String, String> environment = new TreeMap<>(System.getenv());
        Properties properties = System.getProperties();
        for (String name : properties.stringPropertyNames()) {
            if (name.startsWith(HIDDEN)) {
                environment.put(name.substring(HIDDEN.length()), properties.getProperty(name));
            }
        }
        // one arena for each thread would keep several MiB in a process that allocates little natively
        String _ = environment.putIfAbsent("MALLOC_ARENA_MAX", "2");
        if (application.example()) {
            environment.put("MUSTER_DATA_DIR", settings.dataDir().toString());
        }
        return environment;
    }
}
