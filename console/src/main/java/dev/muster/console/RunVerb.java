package dev.muster.console;

import dev.muster.config.Settings;
import dev.muster.control.ExitCode;
import dev.muster.os.Exec;
import dev.muster.os.NativeException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `muster run`: starts an application. In the foreground this process becomes the master; with `-d` the master is
/// started in a session of its own, and this returns when it is ready.
@Command(name = "run", description = "Start an application. Everything behind APP is an argument of the application.")
final class RunVerb extends Verb {
    @Option(
            names = {"-d", "--detach"},
            description = "Go to the background when all processes are ready.")
    private boolean detach;

    @Option(
            names = "--debug",
            paramLabel = "SLOT[:PORT]",
            description =
                    "Open a debugger port (5005, on the loopback address) in the process of one slot, and never take"
                            + " that process for hung. It is not reloaded or recycled.")
    private String debug = "";

    @Option(
            names = "--inline",
            description = "Run everything in one JVM, for a debugger: no kill, no isolation. Not for production.")
    private boolean inline;

    @Mixin
    private AppOptions app = new AppOptions();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Override
    public Integer call() {
        if (inline && detach) {
            throw usage("--inline is for development and stays in the foreground; leave out -d or --inline");
        }
        if (inline && !debug.isEmpty()) {
            throw usage("--debug opens a port in the process of one slot, and inline there is none; leave one of them"
                    + " out, or set jvm.master to the debugger's option");
        }
        Application application = app.application();
        Path file = config.file();
        List<String> sets = config.sets(application, instance);
        Settings settings = config.load(application, instance, System.getenv());
        Declarations.effective(application, settings).warnings().forEach(this::say);
        MasterCommand command = command(application, file, sets, settings);
        if (!detach) {
            return become(inline ? command.inline(settings) : command);
        }
        Background master = Background.start(command, settings, Path.of(""));
        master.awaitReady(this::say);
        out().println(settings.appName() + " is running (master pid " + master.pid() + ", run directory "
                + settings.runDir() + ")");
        return ExitCode.DONE.number();
    }

    private MasterCommand command(Application application, @Nullable Path file, List<String> sets, Settings settings) {
        Distribution distribution = Distribution.current();
        MasterCommand.Caches caches =
                MasterCommand.Caches.of(distribution, application).with(debugging());
        return MasterCommand.of(distribution, application, app.arguments(), file, sets, settings, caches, detach);
    }

    /// What tells the master about the debugger.
    private List<String> debugging() {
        if (debug.isEmpty()) {
            return List.of();
        }
        int cut = debug.lastIndexOf(':');
        String slot = cut < 0 ? debug : debug.substring(0, cut);
        String port = cut < 0 ? "5005" : debug.substring(cut + 1);
        if (slot.isEmpty() || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65_535) {
            throw usage("--debug " + debug + " is not SLOT or SLOT:PORT; write for example --debug Orders:5006");
        }
        return List.of("-Dmuster.debug=" + slot, "-Dmuster.debug.port=" + port);
    }

    private int become(MasterCommand command) {
        out().flush();
        err().flush();
        try {
            Exec.replace(command.java(), command.argv(), command.environment());
        } catch (NativeException e) {
            throw new Refusal(ExitCode.SYSTEM_RESOURCE, "the master cannot be started: " + e.getMessage());
        }
        return ExitCode.INTERNAL.number();
    }
}
