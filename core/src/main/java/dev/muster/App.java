package dev.muster;

import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/// An application about to run.
///
/// **Threads:** immutable; each method returns a new value.
public final class App {
    private final Class<?> main;
    private final @Nullable InstanceFactory instances;

    App(Class<?> main, @Nullable InstanceFactory instances) {
        this.main = main;
        this.instances = instances;
    }

    /// Returns this application with a factory for its objects; the default is found by `ServiceLoader`, and else
    /// calls the no-argument constructor.
    public App instances(InstanceFactory factory) {
        return new App(main, factory);
    }

    /// Runs the application, see [Muster#run(Class, String...)].
    public void run(String... args) {
        System.exit(launcher().launch(main, args, instances));
    }

    static Launcher launcher() {
        return ServiceLoader.load(Launcher.class, App.class.getClassLoader())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no " + Launcher.class.getName() + " on the class path: is the Muster core jar complete?"));
    }
}
