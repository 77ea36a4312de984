package dev.muster.console;

import dev.muster.config.Settings;
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

    @Mixin
    private AppOptions app = new AppOptions();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Override
    public Integer call() {
        Application application = app.application();
        Path file = config.file();
        List<String> sets = config.sets(instance);
        Settings settings = config.load(application.simpleName(), instance, System.getenv());
        Declarations.effective(application, settings).warnings().forEach(this::say);
        MasterCommand command = command(application, file, sets, settings);
        if (!detach) {
            return become(command);
        }
        Background master = Background.start(command, settings, Path.of(""));
        master.awaitReady(this::say);
        out().println(settings.appName() + " is running (master pid " + master.pid() + ", run directory "
                + settings.runDir() + ")");
        return ExitCode.DONE.number();
    }

    private MasterCommand command(Application application, @Nullable Path file, List<String> sets, Settings settings) {
        Distribution distribution = Distribution.current();
        MasterCommand.Caches caches = MasterCommand.Caches.of(distribution, application);
        return MasterCommand.of(distribution, application, app.arguments(), file, sets, settings, caches, detach);
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
