package dev.muster.supervise;

import dev.muster.config.Settings;
import dev.muster.scan.Declaration;
import dev.muster.scan.ProcessMap;
import java.util.Optional;

/// The code of the application as it was at one moment, with the configuration of that moment: what a process is made
/// of. The first is loaded at the start, each reload makes another.
///
/// @param number from 1
/// @param snapshot the class path
/// @param settings the effective configuration
/// @param map the declarations found in that class path, with that configuration
record Generation(int number, Snapshot snapshot, Settings settings, ProcessMap map) {
    /// The declaration with this name, empty if this generation has none.
    Optional<Declaration> declaration(String name) {
        return map.processes().stream()
                .filter(declaration -> declaration.name().equals(name))
                .findFirst();
    }
}
