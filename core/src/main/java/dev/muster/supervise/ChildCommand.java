package dev.muster.supervise;

import dev.muster.Role;
import dev.muster.config.Settings;
import dev.muster.scan.Declaration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// The command line and the environment of a child: the master's own Java home and class path, the same main class,
/// small and quick virtual-machine options, those of the master that are meant for the application, and `jvm.ROLE`
/// last, so that it can override all of them.
final class ChildCommand {
    private static final List<String> DEFAULTS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms8m",
            "-Xmn4m",
            "-Xmx256m",
            "-XX:ReservedCodeCacheSize=32m",
            // The cache stays where it was made for: moved, nearly all of its pages would be private to each process.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            // The virtual machine wakes up for its monitors every two seconds, not four times a second.
            "-XX:AsyncDeflationInterval=2000",
            "-XX:-UsePerfData",
            // A hung loop must be able to reach a safepoint, or it cannot be dumped.
            "-XX:+UseCountedLoopSafepoints",
            "-XX:LoopStripMiningIter=1",
            // Without it an exhausted heap leaves the process alive and crippled.
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+DisplayVMOutputToStderr",
            "-Xlog:disable",
            "-Xlog:all=warning,aot=off,cds=off:stderr",
            "--enable-native-access=ALL-UNNAMED");

    private static final String DEBUG_PORT = "5005";

    private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    private final Settings settings;
    private final Path runDirectory;
    private final Path board;
    private final String main;
    private final List<String> arguments;
    private final List<String> inherited;
    private final Map<String, String> environment;

    /// @param commandLine of the master, as it was started
    ChildCommand(
            Settings settings,
            Path runDirectory,
            Path board,
            List<String> commandLine,
            String main,
            List<String> arguments) {
        this.settings = settings;
        this.runDirectory = runDirectory;
        this.board = board;
        this.main = main;
        this.arguments = List.copyOf(arguments);
        inherited = JvmArguments.inherited(commandLine);
        environment = JvmArguments.environment(System.getenv());
    }

    Path executable() {
        return java;
    }

    /// Of the process that checks the code of a class path.
    List<String> check(String classPath) {
        List<String> argv = new ArrayList<>();
        argv.add("java_check");
        argv.addAll(DEFAULTS);
        argv.addAll(inherited);
        argv.add("-Dmuster.check.socket=" + settings.controlSocket());
        for (String name : new TreeSet<>(System.getProperties().stringPropertyNames())) {
            if (name.equals("muster.config") || name.startsWith("muster.set.")) {
                argv.add("-D" + name + "=" + System.getProperty(name));
            }
        }
        argv.add("-cp");
        argv.add(classPath);
        argv.add(main);
        argv.addAll(arguments);
        return argv;
    }

    List<String> argv(Generation generation, Roster.Place place, int life) {
        Role role = place.spec().role();
        List<String> argv = new ArrayList<>();
        argv.add(title(place));
        argv.addAll(DEFAULTS);
        String cache = System.getProperty("muster.aot." + role.word(), "");
        if (!cache.isEmpty() && Files.isReadable(Path.of(cache))) {
            argv.add("-XX:AOTCache=" + cache);
        }
        argv.add("-XX:ErrorFile=" + runDirectory.resolve("dumps").resolve("hs_err_%p.log"));
        // Only where it is to be, if the application asks for one.
        argv.add("-XX:HeapDumpPath=" + runDirectory.resolve("dumps"));
        argv.addAll(inherited);
        argv.add("-Dmuster.child.slot=" + place.spec().slot());
        argv.add("-Dmuster.child.life=" + life);
        argv.add("-Dmuster.child.socket=" + settings.controlSocket());
        argv.add("-Dmuster.child.board=" + board);
        argv.add("-Dmuster.child.master=" + ProcessHandle.current().pid());
        argv.addAll(generation.settings().options(role.word()));
        if (place.spec().traits().debugged()) {
            argv.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:"
                    + System.getProperty("muster.debug.port", DEBUG_PORT));
        }
        argv.add("-cp");
        argv.add(generation.snapshot().classPath());
        argv.add(main);
        argv.addAll(arguments);
        return argv;
    }

    Map<String, String> environment(String token) {
        Map<String, String> values = new LinkedHashMap<>(environment);
        values.put("MUSTER_TOKEN", token);
        return values;
    }

    /// What `ps` shows until the child sets its own title.
    private static String title(Roster.Place place) {
        return switch (place.declaration()) {
            case Declaration.User _ -> "java_user_proc:" + place.name();
            case Declaration.Workers workers ->
                workers.role() == Role.POOL
                        ? workers.prefix() + workers.name() + ":work"
                        : "java_task_worker:" + place.instance();
        };
    }
}
