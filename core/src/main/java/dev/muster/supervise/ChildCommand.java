package dev.muster.supervise;

import dev.muster.Role;
import dev.muster.config.Settings;
import dev.muster.os.Natives;
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
    private static final String DEBUG_PORT = "5005";

    /// It holds next to nothing.
    private static final List<String> CONSOLE =
            List.of("-Xms4m", "-Xmn1m", "-Xmx16m", "-Xss256k", "-XX:ReservedCodeCacheSize=8m");

    /// The main class of a console, which needs none of the application; named by its text because the master never
    /// sees the worker's side.
    static final String CONSOLE_MAIN = "dev.muster.boot.ConsoleProcess";

    private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    private final Settings settings;
    private final JvmCaches caches;
    private final Path runDirectory;
    private final Path board;
    private final String main;
    private final List<String> arguments;
    private final List<String> inherited;
    private final Map<String, String> environment;

    /// @param commandLine of the master, as it was started
    ChildCommand(
            Settings settings,
            JvmCaches caches,
            Path runDirectory,
            Path board,
            List<String> commandLine,
            String main,
            List<String> arguments) {
        this.settings = settings;
        this.caches = caches;
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
        argv.addAll(JvmOptions.defaults(List.of()));
        argv.add(nativeAccess());
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
        List<String> own = generation.settings().options(role.word());
        long heap = settings.resources(role.word()).heap();
        List<String> vm = role == Role.WEB ? JvmOptions.busy(own, heap) : JvmOptions.defaults(own);
        vm.add(nativeAccess());
        vm.addAll(inherited);
        List<String> argv = new ArrayList<>();
        argv.add(title(place));
        if (heap > 0) {
            vm.add("-Xmx" + heap);
        }
        argv.addAll(vm);
        vm.addAll(own);
        argv.addAll(cache(generation.snapshot(), place, life, vm));
        argv.add("-XX:ErrorFile=" + runDirectory.resolve("dumps").resolve("hs_err_%p.log"));
        // Only where it is to be, if the application asks for one.
        argv.add("-XX:HeapDumpPath=" + runDirectory.resolve("dumps"));
        argv.add("-Dmuster.child.slot=" + place.spec().slot());
        argv.add("-Dmuster.child.life=" + life);
        argv.add("-Dmuster.child.socket=" + settings.controlSocket());
        argv.add("-Dmuster.child.board=" + board);
        argv.add("-Dmuster.child.master=" + ProcessHandle.current().pid());
        boolean console = role == Role.CONSOLE;
        if (console) {
            argv.addAll(CONSOLE);
        }
        argv.addAll(own);
        if (place.spec().traits().debugged()) {
            argv.add("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:"
                    + System.getProperty("muster.debug.port", DEBUG_PORT));
        }
        argv.add("-cp");
        argv.add(generation.snapshot().classPath());
        argv.add(console ? CONSOLE_MAIN : main);
        argv.addAll(console ? List.of() : arguments);
        return argv;
    }

    private static String nativeAccess() {
        return Natives.available() ? "--enable-native-access=ALL-UNNAMED" : "-D" + Natives.PROPERTY + "=off";
    }

    /// A cache that came with the application, else the one of its own. A debugger does not go with either.
    private List<String> cache(Snapshot snapshot, Roster.Place place, int life, List<String> vm) {
        if (place.spec().traits().debugged()) {
            return List.of();
        }
        String given = System.getProperty("muster.aot." + place.spec().role().word(), "");
        if (!given.isEmpty() && Files.isReadable(Path.of(given))) {
            return List.of("-XX:AOTCache=" + given);
        }
        return caches.options(snapshot, place, life, vm, JvmArguments.inVariables(environment));
    }

    /// @param mark of the life, which what the child starts inherits
    Map<String, String> environment(String token, LifeMark mark) {
        Map<String, String> values = new LinkedHashMap<>(environment);
        values.put("MUSTER_TOKEN", token);
        values.put(LifeMark.VARIABLE, mark.text());
        return values;
    }

    /// What `ps` shows until the child sets its own title.
    private static String title(Roster.Place place) {
        return switch (place.declaration()) {
            case Declaration.User _ -> "java_user_proc:" + place.name();
            case Declaration.Web _ -> "java_web_worker:" + place.instance();
            case Declaration.Console _ -> "java_console";
            case Declaration.Workers workers ->
                workers.role() == Role.POOL
                        ? workers.prefix() + workers.name() + ":work"
                        : "java_task_worker:" + place.instance();
        };
    }
}
