package dev.muster.boot;

import dev.muster.config.ConfigurationException;
import dev.muster.config.Settings;
import dev.muster.control.ExitCode;
import dev.muster.os.Natives;
import dev.muster.scan.DeclarationException;
import dev.muster.scan.ProcessMap;
import dev.muster.supervise.Master;
import dev.muster.supervise.StartException;
import java.util.List;
import java.util.function.IntSupplier;

/// The start of a master: reads the configuration, makes the process map, and hands both to the supervisor. Whatever is
/// wrong is said on stderr, all at once, before a process is started.
final class MasterStart {
    private MasterStart() {}

    /// Runs what was read.
    interface Runs {
        /// @return the exit code
        int run(Settings settings, ProcessMap map);
    }

    static int run(Class<?> main, String[] args) {
        return reported(() -> {
            // Before anything is read, and once more because that opens jars, which stay open.
            Master.checkDescriptors();
            Found found = Found.in(main);
            Master.checkDescriptors();
            decide(found.settings());
            return Master.run(found.settings(), found.map(), main.getName(), List.of(args));
        });
    }

    static int run(Class<?> main, Runs application) {
        return reported(() -> {
            Found found = Found.in(main);
            return application.run(found.settings(), found.map());
        });
    }

    private static int reported(IntSupplier start) {
        try {
            return start.getAsInt();
        } catch (ConfigurationException | DeclarationException e) {
            return fail(ExitCode.CONFIGURATION, String.valueOf(e.getMessage()));
        } catch (StartException e) {
            return fail(e.exitCode(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            e.printStackTrace();
            return fail(ExitCode.INTERNAL, "internal error: " + e);
        }
    }

    /// Native calls or not: before the first one is made.
    private static void decide(Settings settings) {
        if (settings.text("run.native").equals("off")) {
            Natives.switchOff();
        } else {
            Natives.prepareMaster();
        }
    }

    private static int fail(ExitCode code, String text) {
        System.err.println("muster: " + text);
        return code.number();
    }
}
