package dev.muster.supervise;

import java.security.CodeSource;
import java.util.Optional;

/// Whether Muster itself lies in the jar of the application. The master goes on loading classes of its own from there,
/// so the copies of the class path do not protect it.
final class MixedJar {
    private MixedJar() {}

    /// @param main the class with `main`, which has been loaded
    /// @return what to say about it; empty if the two are apart
    static Optional<String> warning(String main) {
        try {
            CodeSource own = MixedJar.class.getProtectionDomain().getCodeSource();
            CodeSource of = Class.forName(main, false, ClassLoader.getSystemClassLoader())
                    .getProtectionDomain()
                    .getCodeSource();
            return own != null && of != null && own.getLocation().equals(of.getLocation())
                    ? Optional.of("Muster lies in the same jar as the application, " + own.getLocation()
                            + ": overwriting it in place breaks this master; put Muster's jars beside it on the class"
                            + " path, or replace the jar by a rename")
                    : Optional.empty();
        } catch (ClassNotFoundException _) {
            return Optional.empty();
        }
    }
}
