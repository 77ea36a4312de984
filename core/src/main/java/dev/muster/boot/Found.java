package dev.muster.boot;

import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import dev.muster.control.ExitCode;
import dev.muster.scan.DeclaredValues;
import dev.muster.scan.ProcessMap;
import dev.muster.scan.Scanner;
import dev.muster.supervise.StartException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an application wants to be: its configuration and its declarations, checked against each other.
///
/// @param settings the effective configuration
/// @param map the declarations with the configuration applied
record Found(Settings settings, ProcessMap map) {
    /// Reads both.
    ///
    /// @throws dev.muster.config.ConfigurationException if the configuration is wrong
    /// @throws dev.muster.scan.DeclarationException if a declaration is wrong
    /// @throws StartException if there is nothing to run
    static Found in(Class<?> main) {
        Settings settings = SettingsLoader.load(main.getSimpleName(), file(), System.getenv(), sets());
        ProcessMap map = DeclaredValues.apply(Scanner.scan(main.getName(), sources(main, settings)), settings);
        if (map.processes().isEmpty()) {
            throw new StartException(
                    ExitCode.CONFIGURATION,
                    "nothing to run: " + main.getName()
                            + " declares no @UserProcess and no @Pool, and tasks.workers is"
                            + " 0; annotate a class beside it, or name its jars in app.scan");
        }
        return new Found(settings, map);
    }

    private static @Nullable Path file() {
        String named = System.getProperty("muster.config");
        if (named != null) {
            // Empty: none, not even the usual one.
            return named.isEmpty() ? null : Path.of(named);
        }
        Path usual = Path.of(SettingsLoader.DEFAULT_FILE);
        return Files.exists(usual) ? usual : null;
    }

    /// The `--set` values of the command line, which travel as system properties.
    private static List<String> sets() {
        List<String> sets = new ArrayList<>();
        for (int i = 0; ; i++) {
            String set = System.getProperty("muster.set." + i);
            if (set == null) {
                return sets;
            }
            sets.add(set);
        }
    }

    /// Where declarations are looked for: beside the main class, and in the jars of `app.scan`.
    static List<Path> sources(Class<?> main, Settings settings) {
        List<Path> sources = new ArrayList<>();
        CodeSource own = main.getProtectionDomain().getCodeSource();
        if (own == null) {
            throw new StartException(
                    ExitCode.CONFIGURATION,
                    main.getName() + " does not say where it was loaded from: put it into a jar");
        }
        try {
            sources.add(Path.of(own.getLocation().toURI()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new StartException(
                    ExitCode.CONFIGURATION,
                    main.getName() + " was loaded from " + own.getLocation()
                            + ", which is neither a jar nor a directory");
        }
        sources.addAll(settings.paths("app.scan"));
        return sources;
    }
}
