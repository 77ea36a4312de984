package dev.muster.console;

import dev.muster.config.Settings;
import dev.muster.control.ExitCode;
import dev.muster.os.Identity;
import dev.muster.os.NativeException;
import dev.muster.os.RunLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// An application that runs or has run, known by its run directory.
///
/// **Failure:** the master may end at any time; what is read here was true a moment ago.
///
/// @param runDir absolute
record Instance(Path runDir) {
    /// The name that people use: the last part of the directory.
    String name() {
        Path last = runDir.getFileName();
        return last == null ? runDir.toString() : last.toString();
    }

    /// Where its master listens.
    Path socket() {
        return runDir.resolve("control.sock");
    }

    /// Whether an application has ever run here.
    boolean known() {
        return Files.isRegularFile(runDir.resolve("config.json"));
    }

    /// Whether a master listens here and is alive.
    boolean runs() {
        return Files.exists(socket()) && master().isPresent();
    }

    /// The living master, empty if there is none or the directory cannot be read.
    Optional<Identity> master() {
        try {
            return RunLock.holder(runDir.resolve("lock")).flatMap(Identity::of).filter(Identity::alive);
        } catch (NativeException _) {
            return Optional.empty();
        }
    }

    /// The configuration that the last start found in force.
    ///
    /// @throws Refusal if no application has run here
    Settings settings() {
        Path file = runDir.resolve("config.json");
        try {
            Map<String, String> values = new LinkedHashMap<>();
            Json.object(Files.readString(file)).members().forEach((key, value) -> {
                if (value != null) {
                    values.put(key, value.toString());
                }
            });
            return Settings.of(values);
        } catch (NoSuchFileException e) {
            throw new Refusal(
                    ExitCode.NOT_RUNNING,
                    "no application has run in " + runDir + ": " + file
                            + " is missing; name another directory with --run-dir");
        } catch (IOException | IllegalArgumentException e) {
            throw new Refusal(
                    ExitCode.FAILED, "the configuration of the last start cannot be read from " + file + ": " + e);
        }
    }
}
