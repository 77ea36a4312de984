package dev.muster;

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
}
