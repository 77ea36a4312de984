package dev.muster.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where an application lives on disk when nobody says it: the directories of the XDG base directory specification.
///
/// @param environment the variables of the process
/// @param temporary the directory for temporary files
/// @param home the home directory of the user
/// @param user the name of the user
record Directories(Map<String, String> environment, Path temporary, Path home, String user) {
    /// For this process.
    static Directories of(Map<String, String> environment) {
        return new Directories(
                environment,
                Path.of(System.getProperty("java.io.tmpdir", "/tmp")).toAbsolutePath(),
                Path.of(System.getProperty("user.home", "/")).toAbsolutePath(),
                System.getProperty("user.name", "unknown"));
    }

    /// The directory of the running instance. The runtime directory of the session counts only where it exists:
    /// `su` and containers hand the variable on without it.
    Path run(String app) {
        Optional<Path> session = directory("XDG_RUNTIME_DIR").filter(Files::isDirectory);
        return session.map(path -> path.resolve("muster").resolve(app))
                .orElseGet(() -> temporary.resolve("muster-" + user).resolve(app));
    }

    /// The directory for what survives a reboot.
    Path data(String app) {
        Path base = directory("XDG_DATA_HOME")
                .orElseGet(() -> user.equals("root") ? Path.of("/var/lib") : home.resolve(".local/share"));
        return base.resolve("muster").resolve(app);
    }

    /// The specification says that relative paths are to be ignored.
    private Optional<Path> directory(String variable) {
        @Nullable String value = environment.get(variable);
        if (value == null || value.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(value)).filter(Path::isAbsolute);
        } catch (InvalidPathException _) {
            return Optional.empty();
        }
    }
}
