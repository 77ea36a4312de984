package dev.muster.console;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say which running application is meant.
final class InstanceOptions {
    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            description = "The run directory of the application; default MUSTER_RUN_DIR.")
    private @Nullable Path runDir;

    @Option(names = "--app", paramLabel = "NAME", description = "The name of the application.")
    private @Nullable String app;

    /// The name given with `--app`, null if none was.
    @Nullable
    String app() {
        return app;
    }

    /// The directory given with `--run-dir`, null if none was.
    @Nullable
    Path runDir() {
        return runDir;
    }

    /// The application that runs.
    ///
    /// @throws Refusal if it cannot be told which one is meant
    Instance running() {
        return Instances.of(System.getenv()).running(runDir, app);
    }

    /// The application that runs or has run here.
    ///
    /// @throws Refusal if it cannot be told which one is meant
    Instance known() {
        return known(System.getenv());
    }

    Instance known(Map<String, String> environment) {
        return Instances.of(environment).known(runDir, app);
    }
}
