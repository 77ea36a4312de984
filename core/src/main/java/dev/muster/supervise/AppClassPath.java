package dev.muster.supervise;

import java.nio.file.Path;
import java.util.function.BiConsumer;

/// The class path of this application, as the master was started with it, for each generation anew.
///
/// **Threads:** [#take] on one that may wait for the disk; [#release] on any, it does not wait.
///
/// @param copies where they are kept
/// @param copying whether there are copies at all
/// @param log takes a level and a line
record AppClassPath(ClassPathSnapshots copies, boolean copying, BiConsumer<String, String> log)
        implements ReloadDesk.Snapshots {
    @Override
    public Snapshot take() {
        String classPath = JvmArguments.classPath(
                System.getProperty("java.class.path"), Path.of("").toAbsolutePath());
        Snapshot snapshot = copying ? copies.take(classPath) : copies.inPlace(classPath);
        snapshot.warnings().forEach(warning -> log.accept("WARN", warning));
        return snapshot;
    }

    @Override
    public void release(Snapshot snapshot) {
        try {
            Thread.ofPlatform().name("snapshot").daemon().start(() -> copies.release(snapshot));
        } catch (OutOfMemoryError e) {
            log.accept("WARN", "an old copy of the class path stays until the end: no thread to remove it, " + e);
        }
    }
}
