package dev.muster.system.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Storming;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Stamped messages between real processes while one receiver is killed again and again. `-Dmuster.storm.kills=1000`
/// makes it the whole campaign.
@Timeout(3_600)
class MessageStormTest {
    private static final int KILLS = Integer.getInteger("muster.storm.kills", 3);

    @TempDir
    private Path directory;

    /// What became of a message at its sender, or how it was seen.
    private record Line(int receiver, int sender, long number, String word) {
        String id() {
            return sender + "/" + number;
        }
    }

    @Test
    void nothingIsDoubledTornOrSilentlyLost() throws IOException {
        RunningApp app = RunningApp.of(Storming.class, directory)
                .packed(Ledger.class)
                .set("tasks.workers", "2")
                .set("spares.task", "1");
        try (app) {
            app.start();
            int killed = app.slot("task#1").get("slot").asInt();
            for (int i = 0; i < KILLS; i++) {
                long pid = app.pid("task#1");
                // In the middle of the messages: it has seen a few hundred.
                Patience.await("messages to " + pid)
                        .until(() -> Files.exists(directory.resolve("seen-" + pid))
                                && Files.size(directory.resolve("seen-" + pid)) > 4_096);
                app.signal("KILL", pid);
                var _ = app.awaitReplaced("task#1", pid);
            }
            Path _ = Files.createFile(directory.resolve("enough"));
            Patience.await("both senders").until(() -> files("ended-").size() == 2);
            Set<String> accepted = new HashSet<>();
            int survivor = app.slot("task#2").get("slot").asInt();
            for (Line line : lines("sent-")) {
                if (line.word.equals("accepted") && line.receiver == survivor) {
                    accepted.add(line.id());
                }
            }
            assertThat(accepted).isNotEmpty();
            Patience.await("all that was accepted by the one that lived").until(() -> seen().containsAll(accepted));
            check(killed);
        }
    }

    private void check(int killed) {
        Map<String, String> outcomes = new HashMap<>();
        long accepted = 0;
        for (Line line : lines("sent-")) {
            assertThat(outcomes.put(line.id(), line.word)).isNull();
            assertThat(line.word).isNotEqualTo("wrong");
            accepted += line.word.equals("accepted") ? 1 : 0;
        }
        Set<String> seen = new HashSet<>();
        for (Path file : files("seen-")) {
            Map<Integer, Long> last = new HashMap<>();
            for (Line line : lines(file)) {
                assertThat(line.word).isEqualTo("whole");
                assertThat(seen.add(line.id())).as("seen twice: %s", line).isTrue();
                Long before = last.put(line.sender, line.number);
                assertThat(line.number)
                        .as("the order of sender %d", line.sender)
                        .isGreaterThan(before == null ? -1 : before);
                // Still on its way at the end of the sender's file, at most; else its sender knows of it.
                assertThat(outcomes.getOrDefault(line.id(), "perhaps")).isIn("accepted", "perhaps");
            }
        }
        long lost = outcomes.entrySet().stream()
                .filter(outcome -> outcome.getValue().equals("accepted") && !seen.contains(outcome.getKey()))
                .count();
        // What a killed process had accepted and not read is gone: at most its inbox, each time.
        assertThat(lost).isLessThanOrEqualTo(KILLS * 1_024L);
        for (Line line : lines("sent-")) {
            if (line.word.equals("accepted") && !seen.contains(line.id())) {
                assertThat(line.receiver).as("lost: %s", line).isEqualTo(killed);
            }
        }
        System.out.printf("%d messages accepted, %d of them lost with %d killed receivers%n", accepted, lost, KILLS);
    }

    private Set<String> seen() {
        Set<String> seen = new HashSet<>();
        lines("seen-").forEach(line -> seen.add(line.id()));
        return seen;
    }

    private List<Path> files(String prefix) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Line> lines(String prefix) {
        List<Line> lines = new ArrayList<>();
        files(prefix).forEach(file -> lines.addAll(lines(file)));
        return lines;
    }

    /// The whole lines: one that a killed process has begun is none.
    private static List<Line> lines(Path file) {
        List<Line> lines = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.split(" ", -1);
                if (words.length == 4) {
                    lines.add(new Line(
                            Integer.parseInt(words[0]),
                            Integer.parseInt(words[1]),
                            Long.parseLong(words[2]),
                            words[3]));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return lines;
    }
}
