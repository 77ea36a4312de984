package dev.muster.console;

import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where the configuration of an application that is not running comes from.
final class ConfigOptions {
    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration file; default muster.yml in the working directory, if there is one.")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Sets a value of the configuration; may be repeated, beats file and environment.")
    private List<String> sets = new ArrayList<>();

    /// Whether the user gave any of these.
    boolean given() {
        return file != null || !sets.isEmpty();
    }

    /// The file to read, absolute; null for none.
    @Nullable
    Path file() {
        Path chosen = file != null ? file : Path.of(SettingsLoader.DEFAULT_FILE);
        return file != null || Files.isRegularFile(chosen)
                ? chosen.toAbsolutePath().normalize()
                : null;
    }

    /// All values to set: those that an example brings along, those of the user, and those that `--run-dir` and
    /// `--app` stand for.
    List<String> sets(Application application, InstanceOptions instance) {
        List<String> all = new ArrayList<>(application.sets());
        all.addAll(sets(instance));
        return all;
    }

    private List<String> sets(InstanceOptions instance) {
        List<String> all = new ArrayList<>(sets);
        if (instance.app() != null) {
            all.add("app.name=" + instance.app());
        }
        Path runDir = instance.runDir();
        if (runDir != null) {
            all.add("run.dir=" + runDir.toAbsolutePath().normalize());
        }
        return all;
    }

    /// Loads and checks the configuration of an application.
    ///
    /// @throws dev.muster.config.ConfigurationException with everything that is wrong
    Settings load(Application application, InstanceOptions instance, Map<String, String> environment) {
        return SettingsLoader.load(application.simpleName(), file(), environment, sets(application, instance));
    }

    /// The same where no application is known.
    ///
    /// @param appName what it is called unless the configuration says it
    Settings load(String appName, InstanceOptions instance, Map<String, String> environment) {
        return SettingsLoader.load(appName, file(), environment, sets(instance));
    }
}
