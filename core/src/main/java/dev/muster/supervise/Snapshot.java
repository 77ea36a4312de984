package dev.muster.supervise;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The class path that the children of one generation run from.
///
/// **Lifetime:** what it names exists until [ClassPathSnapshots#release(Snapshot)], and is not changed by anybody.
///
/// @param classPath for `-cp`: the same entries in the same order as in the class path that it was taken of
/// @param hash names the content: equal for equal entries, sizes, times and bytes
/// @param directory where the copies are; null if the class path is used in place
/// @param jarsOnly whether no entry is a directory with something in it
/// @param warnings what is not protected against being overwritten, one sentence each
record Snapshot(String classPath, String hash, @Nullable Path directory, boolean jarsOnly, List<String> warnings) {
    Snapshot {
        warnings = List.copyOf(warnings);
    }
}
