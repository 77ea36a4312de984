package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@Timeout(30)
@ResourceLock("threads of logs")
class LogFilesTest {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final String INSTANT = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    @TempDir
    private Path directory;

    private final List<LogFiles> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(LogFiles::close);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("log-writer"));
    }

    @Test
    void rotationNeitherLosesNorSplitsALine() throws IOException {
        LogFiles files = started(1_000, 500);
        List<String> all = numbered(5_000);
        for (int at = 0; at < all.size(); at += 40) {
            append(files, "", all.subList(at, at + 40));
        }
        assertThat(files.flush(LONG)).isTrue();
        List<String> found = new ArrayList<>();
        int oldest = 1;
        while (Files.exists(log("." + (oldest + 1)))) {
            oldest++;
        }
        for (int number = oldest; number > 0; number--) {
            assertThat(Files.size(log("." + number))).isBetween(900L, 1_000L);
            found.addAll(Files.readAllLines(log("." + number)));
        }
        found.addAll(Files.readAllLines(log("")));
        assertThat(found).isEqualTo(all);
    }

    @Test
    void onlyTheNewestRotatedFilesAreKept() throws IOException {
        LogFiles files = started(100, 2);
        append(files, "", numbered(100));
        assertThat(files.flush(LONG)).isTrue();
        try (var entries = Files.list(directory)) {
            assertThat(entries).containsExactlyInAnyOrder(log(""), log(".1"), log(".2"));
        }
        assertThat(Files.readAllLines(log(""))).endsWith("line 99");
    }

    @Test
    void withoutRotatedFilesTheOldLinesGo() throws IOException {
        LogFiles files = started(100, 0);
        append(files, "", numbered(100));
        assertThat(files.flush(LONG)).isTrue();
        try (var entries = Files.list(directory)) {
            assertThat(entries).containsExactly(log(""));
        }
        assertThat(Files.size(log(""))).isLessThanOrEqualTo(100);
    }

    @Test
    void aLineLongerThanAFileStaysWhole() throws IOException {
        LogFiles files = started(100, 9);
        append(files, "", List.of("short", "x".repeat(350), "after"));
        assertThat(files.flush(LONG)).isTrue();
        assertThat(Files.readAllLines(log(".1"))).containsExactly("x".repeat(350));
        assertThat(Files.readAllLines(log(""))).containsExactly("after");
    }

    @Test
    void aMovedFileIsNoticedWithinSeconds() throws IOException {
        LogFiles files = started(1 << 20, 1);
        append(files, "", List.of("before"));
        assertThat(files.flush(LONG)).isTrue();
        Files.move(log(""), directory.resolve("moved"));
        await().atMost(LONG).until(() -> {
            append(files, "", List.of("after"));
            return files.flush(LONG) && Files.exists(log(""));
        });
        assertThat(Files.readAllLines(directory.resolve("moved"))).startsWith("before");
        assertThat(Files.readAllLines(log(""))).isNotEmpty().containsOnly("after");
    }

    @Test
    void reopeningTakesEffectBeforeTheNextLine() throws IOException {
        LogFiles files = started(1 << 20, 1);
        append(files, "", List.of("before"));
        assertThat(files.flush(LONG)).isTrue();
        Files.move(log(""), directory.resolve("moved"));
        files.reopen();
        append(files, "", List.of("after"));
        assertThat(files.flush(LONG)).isTrue();
        assertThat(Files.readAllLines(directory.resolve("moved"))).containsExactly("before");
        assertThat(Files.readAllLines(log(""))).containsExactly("after");
    }

    @Test
    void aLineThatADeadMasterLeftUnfinishedGetsItsEnd() throws IOException {
        Files.writeString(log(""), "whole\nhal");
        LogFiles files = started(1 << 20, 1);
        append(files, "", List.of("next"));
        assertThat(files.flush(LONG)).isTrue();
        assertThat(Files.readAllLines(log(""))).containsExactly("whole", "hal", "next");
    }

    @Test
    void whatDoesNotFitIntoTheQueueIsDroppedAndCounted() throws IOException {
        LogFiles files = opened(1 << 30, 1);
        byte[] mebibyte = ("x".repeat(1023) + "\n").repeat(1024).getBytes(UTF_8);
        for (int i = 0; i < 11; i++) {
            files.append("Chatty", "", mebibyte, 1024);
        }
        files.append("Quiet", "pool.log", "one\n".getBytes(UTF_8), 1);
        files.master("INFO", "the master is still heard");
        assertThat(files.flush(Duration.ZERO)).isFalse();
        files.start();
        assertThat(files.flush(LONG)).isTrue();
        await().atMost(LONG).untilAsserted(() -> {
            assertThat(Files.size(log(""))).isGreaterThan(8 << 20);
            List<String> talk =
                    lines("").stream().filter(line -> !line.startsWith("xxx")).toList();
            assertThat(talk).hasSize(2);
            assertThat(talk.getFirst()).endsWith("the master is still heard");
            assertThat(talk.getLast())
                    .matches(INSTANT + " WARN master\\[\\d+] log - 3072 lines \\(3145728 bytes\\) from Chatty were"
                            + " dropped because the disk was too slow");
            assertThat(lines("pool.log")).singleElement().asString().contains("1 lines (4 bytes) from Quiet");
        });
    }

    @Test
    void aFileThatCannotBeWrittenCostsOnlyItsOwnLines() throws IOException {
        Path blocked = Files.createDirectory(directory.resolve("pool.log"));
        List<byte[]> echoed = new CopyOnWriteArrayList<>();
        LogFiles files = new LogFiles(directory, "app", 1 << 20, 1, echoed::add);
        opened.add(files);
        files.start();
        append(files, "pool.log", List.of("lost", "lost too"));
        append(files, "", List.of("kept"));
        append(files, "pool.log", List.of("lost as well"));
        assertThat(files.flush(LONG)).isTrue();
        assertThat(lines("")).containsExactly("kept");
        assertThat(echoed).anyMatch(line -> new String(line, UTF_8).contains(blocked + " cannot be written"));
        Files.delete(blocked);
        await().atMost(LONG)
                .ignoreException(NoSuchFileException.class)
                .untilAsserted(() -> assertThat(lines("pool.log"))
                        .singleElement()
                        .asString()
                        .contains("3 lines (27 bytes) were dropped because this file could not be written"));
        append(files, "pool.log", List.of("kept again"));
        assertThat(files.flush(LONG)).isTrue();
        assertThat(lines("pool.log")).endsWith("kept again");
    }

    @Test
    void whatTheQueueDroppedIsStillCountedWhenTheFileCannotBeWritten() throws IOException {
        Path blocked = Files.createDirectory(directory.resolve("pool.log"));
        LogFiles files = opened(1 << 30, 1);
        files.append("Chatty", "", new byte[LogFiles.QUEUE_BYTES], 1);
        for (int i = 0; i < 3; i++) {
            append(files, "pool.log", List.of("one"));
        }
        files.start();
        assertThat(files.flush(LONG)).isTrue();
        Files.delete(blocked);
        await().atMost(LONG)
                .ignoreException(NoSuchFileException.class)
                .untilAsserted(() ->
                        assertThat(lines("pool.log")).singleElement().asString().contains("3 lines (12 bytes)"));
    }

    @Test
    void channelsHaveFilesOfTheirOwnUpToABound() throws IOException {
        LogFiles files = started(1 << 20, 1);
        for (int i = 0; i < 205; i++) {
            files.exception("Ticker", "channel-" + i, ("failure " + i + "\n").getBytes(UTF_8), 1);
        }
        files.exception("Ticker", "../../etc/passwd", "escape\n".getBytes(UTF_8), 1);
        files.exception("Ticker", "channel-0", "again\n".getBytes(UTF_8), 1);
        assertThat(files.flush(LONG)).isTrue();
        try (var entries = Files.list(directory.resolve("exceptions"))) {
            assertThat(entries).hasSize(201);
        }
        assertThat(lines("exceptions/channel-0.log")).containsExactly("failure 0", "again");
        assertThat(lines("exceptions/other.log"))
                .containsExactly("failure 200", "failure 201", "failure 202", "failure 203", "failure 204", "escape");
    }

    @Test
    void theMastersOwnLinesHaveTheCommonForm() throws IOException {
        List<byte[]> echoed = new CopyOnWriteArrayList<>();
        LogFiles files = new LogFiles(directory, "app", 1 << 20, 1, echoed::add);
        opened.add(files);
        files.start();
        files.master("WARN", "two\nlines");
        assertThat(files.flush(LONG)).isTrue();
        assertThat(lines("").getFirst())
                .matches(INSTANT + " WARN master\\[" + ProcessHandle.current().pid() + "] - two");
        assertThat(new String(echoed.getFirst(), UTF_8)).isEqualTo(Files.readString(log("")));
    }

    @Test
    void instantsHaveMillisecondsInEverySecond() {
        LogStamp stamp = new LogStamp();
        assertThat(stamp.text(0)).isEqualTo("1970-01-01T00:00:00.000Z");
        assertThat(stamp.text(999)).isEqualTo("1970-01-01T00:00:00.999Z");
        assertThat(stamp.text(1_795_435_260_007L)).isEqualTo("2026-11-23T12:01:00.007Z");
    }

    private LogFiles opened(long maxSize, int keep) {
        LogFiles files = new LogFiles(directory, "app", maxSize, keep, null);
        opened.add(files);
        return files;
    }

    private LogFiles started(long maxSize, int keep) {
        LogFiles files = opened(maxSize, keep);
        files.start();
        return files;
    }

    private static void append(LogFiles files, String file, List<String> lines) {
        files.append("Ticker", file, (String.join("\n", lines) + "\n").getBytes(UTF_8), lines.size());
    }

    private static List<String> numbered(int count) {
        return IntStream.range(0, count).mapToObj(i -> "line " + i).toList();
    }

    private Path log(String suffix) {
        return directory.resolve("app.log" + suffix);
    }

    private List<String> lines(String file) throws IOException {
        return Files.readAllLines(file.isEmpty() ? log("") : directory.resolve(file));
    }
}
