package dev.muster.boot;

import dev.muster.InstanceFactory;
import dev.muster.Launcher;
import dev.muster.os.Exit;
import dev.muster.worker.WorkerRuntime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Decides what this JVM is: a child if a master started it as one, a check of new code if it was started for that,
/// else the master.
public final class Boot implements Launcher {
    @Override
    public int launch(Class<?> main, String[] args, @Nullable InstanceFactory instances) {
        if (System.getProperty("muster.child.slot") != null) {
            return WorkerRuntime.run(main, instances);
        }
        boolean check = System.getProperty(CheckStart.SOCKET) != null;
        int code = check ? CheckStart.run(main) : MasterStart.run(main, args);
        System.out.flush();
        System.err.flush();
        // Not System.exit: it would load the application's logging only to say that the master ends.
        Exit.now(code);
        return code;
    }

    @Override
    public void extendBoot(Duration more, String reason) {
        WorkerRuntime.extendBoot(more, reason);
    }
}
