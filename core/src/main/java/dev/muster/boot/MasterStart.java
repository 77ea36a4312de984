package dev.muster.boot;

import dev.muster.config.ConfigurationException;
import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import dev.muster.scan.DeclarationException;
import dev.muster.scan.DeclaredValues;
import dev.muster.scan.ProcessMap;
import dev.muster.scan.Scanner;
import dev.muster.supervise.Master;
import dev.muster.supervise.StartException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The start of a master: reads the configuration, makes the process map, and hands both to the supervisor. Whatever is
/// wrong is said on stderr, all at once, before a process is started.
final class MasterStart {
    private static final int CONFIGURATION = 78;
    private static final int INTERNAL_ERROR = 70;

    private MasterStart() {}

    static int run(Class<?> main, String[] args) {
        try {
            Settings settings = SettingsLoader.load(main.getSimpleName(), file(), System.getenv(), sets());
            ProcessMap map = DeclaredValues.apply(Scanner.scan(main.getName(), sources(main, settings)), settings);
            if (map.processes().isEmpty()) {
                return fail(
                        CONFIGURATION,
                        "nothing to run: " + main.getName()
                                + " declares no @UserProcess and no @Pool, and tasks.workers is"
                                + " 0; annotate a class beside it, or name its jars in app.scan");
            }
            return Master.run(settings, map, main.getName(), List.of(args));
        } catch (ConfigurationException | DeclarationException e) {
            return fail(CONFIGURATION, String.valueOf(e.getMessage()));
        } catch (StartException e) {
            return fail(e.exitCode(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            e.printStackTrace();
            return fail(INTERNAL_ERROR, "internal error: " + e);
        }
    }

    private static int fail(int code, String text) {
        System.err.println("muster: " + text);
        return code;
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
    private static List<Path> sources(Class<?> main, Settings settings) {
        List<Path> sources = new ArrayList<>();
        CodeSource own = main.getProtectionDomain().getCodeSource();
        if (own == null) {
            throw new StartException(
                    CONFIGURATION, main.getName() + " does not say where it was loaded from: put it into a jar");
        }
        try {
            sources.add(Path.of(own.getLocation().toURI()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            throw new StartException(
                    CONFIGURATION,
                    main.getName() + " was loaded from " + own.getLocation()
                            + ", which is neither a jar nor a directory");
        }
        sources.addAll(settings.paths("app.scan"));
        return sources;
    }
}
