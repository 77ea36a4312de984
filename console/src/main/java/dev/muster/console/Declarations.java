package dev.muster.console;

import dev.muster.config.Settings;
import dev.muster.control.ExitCode;
import dev.muster.scan.DeclaredValues;
import dev.muster.scan.ProcessMap;
import dev.muster.scan.Scanner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What an application declares, found without starting it.
final class Declarations {
    private Declarations() {}

    /// Scans the code of the application and the jars of `app.scan`.
    ///
    /// @throws dev.muster.scan.DeclarationException with everything that is wrong
    static ProcessMap of(Application application, Settings settings) {
        List<Path> sources = new ArrayList<>();
        sources.add(application.code());
        sources.addAll(settings.paths("app.scan"));
        return Scanner.scan(application.mainClass(), sources);
    }

    /// The same with the configuration applied.
    ///
    /// @throws Refusal if nothing would be started
    /// @throws dev.muster.config.ConfigurationException if the configuration names what is not declared
    static ProcessMap effective(Application application, Settings settings) {
        ProcessMap map = DeclaredValues.apply(of(application, settings), settings);
        if (map.processes().isEmpty()) {
            String workers = map.tasks().isEmpty()
                    ? ""
                    : "; it has " + map.tasks().size() + " tasks: set tasks.workers to run them";
            throw new Refusal(
                    ExitCode.CONFIGURATION,
                    application.code() + " declares no processes: nothing in it has @UserProcess or @Pool" + workers
                            + "; if they are in other jars, name these in app.scan");
        }
        return map;
    }
}
