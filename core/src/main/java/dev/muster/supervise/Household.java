package dev.muster.supervise;

import dev.muster.control.ExitCode;
import dev.muster.os.Identity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// One master of one run directory, as it is written into what its children and their descendants carry.
///
/// @param place 16 hexadecimal digits that stand for the run directory: its path and which directory that is, so that
///     one of the same path in another container is another place
/// @param master the process
record Household(String place, Identity master) {
    private static final int DIGITS = 16;

    /// That of this process.
    ///
    /// @param runDirectory exists
    static Household of(Path runDirectory) {
        try {
            Path real = runDirectory.toRealPath();
            String which =
                    real + " " + Files.getAttribute(real, "unix:dev") + " " + Files.getAttribute(real, "unix:ino");
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(which.getBytes(StandardCharsets.UTF_8));
            return new Household(HexFormat.of().formatHex(hash).substring(0, DIGITS), Identity.self());
        } catch (IOException e) {
            throw new StartException(
                    ExitCode.CANNOT_WRITE, "cannot read the run directory " + runDirectory + ": " + e.getMessage());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    LifeMark mark(int slot, int life) {
        return new LifeMark(place, master, slot, life);
    }
}
