package dev.muster.board;

import dev.muster.os.Identity;
import dev.muster.os.ProcFs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Locale;

/// Who really holds a claim or a mark: one process of one boot of one machine, never another with the same pid.
///
/// @param boot the first eight digits of the kernel's boot id
/// @param pid the process id
/// @param startTime clock ticks from boot to the start of the process
/// @param random eight digits, for machines and containers that share the rest: four that tell the namespace of
///     processes to which the pid belongs, and four random ones
public record Incarnation(String boot, long pid, long startTime, String random) {
    private static final int DIGITS = 8;
    private static final int NAMESPACE_DIGITS = 4;

    /// @throws IllegalArgumentException if `boot` or `random` is not eight lower-case hexadecimal digits, `pid` is
    ///     not positive or `startTime` is negative
    public Incarnation {
        if (!digits(boot) || !digits(random) || pid <= 0 || startTime < 0) {
            throw new IllegalArgumentException("not an incarnation: boot=%s pid=%d startTime=%d random=%s"
                    .formatted(boot, pid, startTime, random));
        }
    }

    /// This process; the same value in every call.
    public static Incarnation self() {
        return Self.VALUE;
    }

    /// Reads what [#text()] wrote.
    ///
    /// @throws IllegalArgumentException if it is something else
    public static Incarnation parse(String text) {
        String[] parts = text.split("-", -1);
        if (parts.length != 4) {
            throw new IllegalArgumentException("not an incarnation: '" + text + "'; expected boot-pid-start-random");
        }
        try {
            return new Incarnation(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]), parts[3]);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not an incarnation: '" + text + "'; pid and start are numbers", e);
        }
    }

    /// `BOOT-PID-START-RANDOM`, at most 63 characters of ASCII.
    public String text() {
        return boot + "-" + pid + "-" + startTime + "-" + random;
    }

    /// The process, for questions to the operating system. Means nothing after a reboot: compare [#boot()] first.
    public Identity identity() {
        return new Identity(pid, startTime);
    }

    /// Four digits that tell the namespace of processes from most others: a container has one of its own, in which
    /// a pid is another process than outside.
    public String namespace() {
        return random.substring(0, NAMESPACE_DIGITS);
    }

    private static boolean digits(String text) {
        if (text.length() != DIGITS) {
            return false;
        }
        for (int i = 0; i < DIGITS; i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static final class Self {
        static final Incarnation VALUE = make();

        private static Incarnation make() {
            Identity self = Identity.self();
            return new Incarnation(
                    // Without /proc the start time counts from 1970, and tells one boot from another.
                    ProcFs.present() ? kernel("/proc/sys/kernel/random/boot_id") : "0".repeat(DIGITS),
                    self.pid(),
                    self.startTime(),
                    ownNamespace() + random());
        }

        private static String random() {
            // SecureRandom loads classes that a quick start has no need of.
            return ProcFs.present()
                    ? kernel("/proc/sys/kernel/random/uuid").substring(NAMESPACE_DIGITS)
                    : "%04x".formatted(new SecureRandom().nextInt() & 0xffff);
        }

        private static String ownNamespace() {
            try {
                String name =
                        Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
                return "%04x".formatted(name.hashCode() & 0xffff);
            } catch (IOException | UnsupportedOperationException _) {
                return "0".repeat(NAMESPACE_DIGITS);
            }
        }

        private static String kernel(String file) {
            try {
                return Files.readString(Path.of(file), StandardCharsets.US_ASCII)
                        .substring(0, DIGITS)
                        .toLowerCase(Locale.ROOT);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file + " to name this process; is /proc mounted?", e);
            }
        }
    }
}
