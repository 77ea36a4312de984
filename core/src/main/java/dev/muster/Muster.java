package dev.muster;

import java.time.Duration;

/// The entry point: an application's `main` calls [#run(Class, String...)] and does nothing after it.
///
/// ```java
/// public static void main(String[] args) {
///     Muster.run(MyApp.class, args);
/// }
/// ```
///
/// The same `main` runs in the master and in every child; which of them this JVM is, the master decides. Code before
/// the call therefore runs once per process, and should be cheap.
///
/// **Threads:** `run` on the main thread, once; `extendBoot` on any.
public final class Muster {
    private Muster() {}

    /// Runs this JVM as the master or as one of its children, and ends the JVM with the right exit code.
    ///
    /// Blocks until the application has stopped; never returns normally.
    ///
    /// @param main the class that holds `main`; its jar or directory is scanned for declarations
    /// @param args the arguments of `main`
    public static void run(Class<?> main, String... args) {
        app(main).run(args);
    }

    /// Starts describing an application that needs more than [#run(Class, String...)] says.
    ///
    /// @param main the class that holds `main`
    public static App app(Class<?> main) {
        return new App(main, null);
    }

    /// Asks the master for more time for the boot of this process, from code that runs before it is ready: static
    /// initialisers, constructors, the `start` of a pool. The boot may then take so long from now on, if that is
    /// later than its limit; the master bounds what all extensions of a boot give. Later, and in a JVM that no
    /// master started, it only leaves a line in the log.
    ///
    /// Returns at once and does not wait for the master. May be called again while the work goes on: several short
    /// extensions show that it does, one long one hides a hang.
    ///
    /// @param more how much longer, from now on; positive
    /// @param reason what takes so long, for the log of the master; one line
    /// @throws IllegalArgumentException if the duration is not positive
    public static void extendBoot(Duration more, String reason) {
        App.launcher().extendBoot(more, reason);
    }
}
