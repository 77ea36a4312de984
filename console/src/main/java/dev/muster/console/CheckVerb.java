package dev.muster.console;

import dev.muster.config.Settings;
import dev.muster.control.ExitCode;
import dev.muster.scan.Declaration;
import dev.muster.scan.ProcessMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `muster check`: everything that would stop a start, found without one.
@Command(
        name = "check",
        description =
                "Check the configuration and the declarations of an application without starting it; ends with 78 if"
                        + " something would stop the start.")
final class CheckVerb extends Verb {
    @Mixin
    private AppOptions app = new AppOptions();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Override
    public Integer call() {
        Application application = app.application();
        Settings settings = config.load(application, instance, System.getenv());
        ProcessMap map = Declarations.effective(application, settings);
        map.warnings().forEach(this::say);
        int slots = map.processes().stream().mapToInt(Declaration::instances).sum();
        out().println(settings.appName() + ": " + slots + " processes of "
                + map.processes().size() + " kinds, "
                + map.tasks().size() + " tasks, "
                + map.schedules().size() + " schedules, "
                + map.warnings().size() + " warnings");
        return ExitCode.DONE.number();
    }
}
