package dev.muster;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The way from [Muster] up to the runtime, found by `ServiceLoader`. Applications do not use it.
public interface Launcher {
    /// Runs this JVM as the master, or as the child role that a master gave to it, until it ends.
    ///
    /// @param main the class that holds the application's `main`
    /// @param args the arguments of `main`, handed on to every child
    /// @param instances the factory given in code, or null
    /// @return the exit code of the process
    int launch(Class<?> main, String[] args, @Nullable InstanceFactory instances);

    /// What [Muster#extendBoot(Duration, String)] does.
    void extendBoot(Duration more, String reason);
}
