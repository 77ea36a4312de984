package dev.muster.boot;

import dev.muster.config.ConfigurationException;
import dev.muster.config.Settings;
import dev.muster.os.Natives;
import dev.muster.scan.DeclarationException;
import dev.muster.supervise.Master;
import dev.muster.supervise.StartException;
import java.util.List;

/// The start of a master: reads the configuration, makes the process map, and hands both to the supervisor. Whatever is
/// wrong is said on stderr, all at once, before a process is started.
final class MasterStart {
    private static final int CONFIGURATION = 78;
    private static final int INTERNAL_ERROR = 70;

    private MasterStart() {}

    static int run(Class<?> main, String[] args) {
        try {
            Found found = Found.in(main);
            decide(found.settings());
            return Master.run(found.settings(), found.map(), main.getName(), List.of(args));
        } catch (ConfigurationException | DeclarationException e) {
            return fail(CONFIGURATION, String.valueOf(e.getMessage()));
        } catch (StartException e) {
            return fail(e.exitCode(), String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            e.printStackTrace();
            return fail(INTERNAL_ERROR, "internal error: " + e);
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

    private static int fail(int code, String text) {
        System.err.println("muster: " + text);
        return code;
    }
}
