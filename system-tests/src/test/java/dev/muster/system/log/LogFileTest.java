package dev.muster.system.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Chatty;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Rotation by size, reopening by USR1, the channel of exceptions; and not a line is lost or doubled.
@Timeout(60)
class LogFileTest {
    private static final Pattern LOGGED = Pattern.compile(
            "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO Talker\\[\\d+] acme\\.Chatty - logged"
                    + " number=(\\d+) of=\"a thousand\"$");
    private static final Pattern PRINTED = Pattern.compile("printed (\\d+)$");

    @TempDir
    Path directory;

    @Test
    void noLineIsLostOverRotationAndReopening() throws IOException {
        RunningApp app = RunningApp.of(Chatty.class, directory)
                .packed()
                .option("-Dmuster.background=true")
                .set("log.maxSize", "64KiB")
                .set("log.keep", "1000");
        try (app) {
            app.start();
            Path log = app.logDir().resolve("Chatty.log");
            Patience.await("rotation").until(() -> Files.exists(log.resolveSibling("Chatty.log.3")));

            // The file may be rotated in the very moment in which it is moved away: what counts is that none is lost.
            Path moved = Files.move(log, app.logDir().resolve("moved"));
            app.signal("USR1", app.masterPid());
            Patience.await("a new file").until(() -> Files.exists(log));
            Patience.await("exceptions")
                    .until(() -> Files.exists(app.logDir().resolve("exceptions").resolve("payments.log")));

            assertThat(app.stop()).isZero();
            assertThat(moved).exists();
            List<String> lines = lines(app.logDir());
            assertConsecutive(lines, LOGGED);
            assertConsecutive(lines, PRINTED);
            assertThat(lines).anyMatch(line -> line.contains("java.lang.IllegalStateException: at 1000"));
            assertThat(Files.readString(app.logDir().resolve("exceptions").resolve("payments.log")))
                    .contains("java.lang.IllegalStateException: at 1000")
                    .contains("at dev.muster.system.apps.Chatty.talk(Chatty.java:")
                    .doesNotContain("printed");
        }
    }

    private static List<String> lines(Path logDir) throws IOException {
        List<String> lines = new ArrayList<>();
        try (var files = Files.newDirectoryStream(logDir)) {
            for (Path file : files) {
                if (Files.isRegularFile(file)) {
                    lines.addAll(Files.readAllLines(file));
                }
            }
        }
        return lines;
    }

    private static void assertConsecutive(List<String> lines, Pattern pattern) {
        List<Integer> numbers = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                numbers.add(Integer.parseInt(matcher.group(1)));
            }
        }
        numbers.sort(null);
        assertThat(numbers).hasSizeGreaterThan(1000);
        for (int i = 0; i < numbers.size(); i++) {
            assertThat(numbers.get(i)).as("the numbers of %s", pattern).isEqualTo(i);
        }
    }
}
