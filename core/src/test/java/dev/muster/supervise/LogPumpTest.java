package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.muster.os.Fd;
import dev.muster.os.NativeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

@Tag("degraded")
@Timeout(60)
@ResourceLock("threads of logs")
class LogPumpTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final int BARRIER = 99;
    private static final String INSTANT = "2026-11-23T12:00:00.123Z";
    private static final Pattern READ_AT = Pattern.compile("(?m)^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z ");

    @TempDir
    private Path directory;

    private final List<Integer> writeEnds = new CopyOnWriteArrayList<>();
    private LogFiles files;
    private LogPump pump;
    private @Nullable Child barrier;
    private int barrierLines;

    @BeforeEach
    void open() {
        open(directory, 64 << 20, 3);
    }

    @AfterEach
    void close() {
        pump.close();
        files.close();
        writeEnds.forEach(Fd::close);
        writeEnds.clear();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread ->
                        thread.getName().equals("log-pump") || thread.getName().equals("log-writer"));
    }

    @Test
    void nothingIsLostOrReorderedOverManyRotations() throws Exception {
        close();
        open(directory, 40_000, 1_000);
        int lines = 50_000;
        List<Thread> writers = new ArrayList<>();
        for (int slot = 0; slot < 3; slot++) {
            String process = "P" + slot;
            Child child = child(slot, process, "");
            int first = slot;
            writers.add(Thread.ofPlatform().start(() -> {
                StringBuilder some = new StringBuilder();
                for (int i = first; i < lines; i += 3) {
                    some.append("number ").append(i).append('\n');
                    if (i % 7 == 0) {
                        child.out(some.toString());
                        some.setLength(0);
                    }
                }
                child.out(some.toString());
                child.end();
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
        assertThat(files.flush(LONG)).isTrue();
        Pattern form = Pattern.compile("\\S+ INFO P(\\d)\\[10\\d] stdout - number (\\d+)");
        Map<Integer, Integer> newest = new HashMap<>();
        int found = 0;
        for (String line : rotatedLines()) {
            Matcher matcher = form.matcher(line);
            assertThat(matcher.matches()).as(line).isTrue();
            int process = Integer.parseInt(matcher.group(1));
            int number = Integer.parseInt(matcher.group(2));
            assertThat(number).isEqualTo(newest.getOrDefault(process, process - 3) + 3);
            newest.put(process, number);
            found++;
        }
        assertThat(found).isEqualTo(lines);
    }

    @Test
    void linesAndRecordsShowTheirProcess() throws IOException {
        Child child = child(1, "Ticker", "");
        child.out("hello\n" + record("", INSTANT + " INFO c.a.Job - done n=1") + "after\n");
        child.err("\u0000binary and \u00ff\n");
        child.end();
        assertThat(log("app.log"))
                .containsExactlyInAnyOrder(
                        "READ_AT INFO Ticker[101] stdout - hello",
                        INSTANT + " INFO Ticker[101] c.a.Job - done n=1",
                        "READ_AT INFO Ticker[101] stdout - after",
                        "READ_AT WARN Ticker[101] stderr - \u0000binary and \u00ff");
        assertThat(pump.tail(1, 2)).hasSize(2);
        assertThat(pump.tail(1, 1_000)).hasSize(4).first().asString().endsWith("stdout - hello");
        assertThat(pump.tail(2, 10)).isEmpty();
    }

    @Test
    void aRecordWithAChannelGoesToItsFileToo() throws IOException {
        Child child = child(1, "Ticker", "pool.log");
        child.out(record("payment_2", INSTANT + " ERROR muster.exceptions.payment_2 - no\n\tat a.B\n\tat a.C\n"));
        child.out(record("", INSTANT + " ERROR other - no channel"));
        child.end();
        List<String> stack =
                List.of(INSTANT + " ERROR Ticker[101] muster.exceptions.payment_2 - no", "\tat a.B", "\tat a.C");
        assertThat(log("exceptions/payment_2.log")).isEqualTo(stack);
        assertThat(log("pool.log")).startsWith(stack.toArray(String[]::new)).hasSize(4);
        assertThat(directory.resolve("app.log")).doesNotExist();
    }

    @Test
    void itDoesNotMatterHowReadsCutTheText() throws IOException {
        String text = "one\n" + record("", INSTANT + " INFO a - b") + "be" + record("x-1", INSTANT + " WARN a - b\n  c")
                + "tween\n\n\u001e no record\n\u001e\u001f\u001eabc\u001ftext\n" + "\u001e".repeat(3) + "\n"
                + record("", INSTANT + " INFO unfinished").substring(0, 40) + record("", INSTANT + " INFO a - next")
                + "a" + "long".repeat(20_000) + "\nlast";
        Child whole = child(1, "Same", "whole.log");
        whole.out(text);
        whole.end();
        Random random = new Random(7);
        Child cut = child(2, "Same", "cut.log");
        for (int at = 0; at < text.length(); ) {
            int end = at < 400 ? at + 1 : Math.min(text.length(), at + 1 + random.nextInt(9_000));
            cut.out(text.substring(at, end));
            at = end;
            awaitRead();
        }
        cut.end();
        List<String> expected = log("whole.log");
        assertThat(log("cut.log").stream().map(line -> line.replace("[102]", "[101]")))
                .isEqualTo(expected);
        assertThat(expected)
                .contains(INSTANT + " WARN Same[101] a - b", "  c", INSTANT + " INFO Same[101] a - next")
                .contains("READ_AT INFO Same[101] stdout - \u001e no record", "READ_AT INFO Same[101] stdout - last");
        assertThat(String.join("", expected)).contains("between".substring(0, 2), "tween", "\u001eabc\u001ftext");
    }

    @Test
    void tooLongLinesAndRecordsAreCutAndComplete() throws IOException {
        Child child = child(1, "Ticker", "");
        String line = "x".repeat(3 * LogPump.LONGEST_LINE + 5);
        String text = "y".repeat(LogPump.LONGEST_RECORD + LogPump.LONGEST_LINE);
        child.out(line + "\n" + record("", INSTANT + " INFO big - " + text) + "z\n");
        child.end();
        List<String> log = log("app.log");
        assertThat(log.subList(0, 3))
                .containsOnly("READ_AT INFO Ticker[101] stdout - " + "x".repeat(LogPump.LONGEST_LINE));
        assertThat(log.get(3)).endsWith("stdout - xxxxx");
        assertThat(log.get(4)).startsWith(INSTANT + " INFO Ticker[101] big - yyy");
        assertThat(log.getLast()).endsWith("stdout - z");
        assertThat(log.stream()
                        .mapToLong(one -> one.chars().filter(c -> c == 'y').count())
                        .sum())
                .isEqualTo(text.length());
        assertThat(log).noneMatch(one -> one.contains("\u001e"));
        assertThat(pump.tail(1, 200)).allMatch(one -> one.length() <= 2_048);
    }

    @Test
    void theTailIsBoundedAndSpansLives() {
        Child child = child(1, "Ticker", "");
        for (int i = 0; i < 1_000; i++) {
            child.out(i + " " + "x".repeat(300) + "\n");
        }
        child.end();
        Child next = child(1, 2, "Ticker", "");
        next.out("next life\n");
        next.end();
        List<String> tail = pump.tail(1, 1_000);
        assertThat(tail).hasSize(200).last().asString().endsWith("next life");
        assertThat(tail.getFirst()).contains(" - 801 xxx");
    }

    @Test
    void theTailIsWholeAtEverySize() {
        EvidenceTaker.LastLines lines = new EvidenceTaker.LastLines(() -> 1);
        assertThat(lines.text(10)).isEmpty();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            String line = i + "z".repeat(i * 7 % 2_040);
            lines.add(line.getBytes(UTF_8), 0, line.length());
            all.add(line);
            List<String> text = lines.text(200);
            assertThat(text).isNotEmpty().isEqualTo(all.subList(all.size() - text.size(), all.size()));
        }
        assertThat(lines.text(3)).isEqualTo(all.subList(597, 600));
    }

    @Test
    void aFullHeapIsNoticed() {
        Child child = child(1, "Ticker", "");
        child.err("Terminating due to java.lang.OutOfMemoryError: Java heap space\n");
        child.end();
        assertThat(pump.outOfMemory(1, 1)).isTrue();
        Child next = child(1, 2, "Ticker", "");
        next.err("java.lang.OutOfMemoryError: only caught\n");
        next.end();
        assertThat(pump.outOfMemory(1, 2)).isFalse();
        assertThat(pump.outOfMemory(1, 1)).isTrue();
    }

    @Test
    void theLastWordsAreReadBeforeTheEndIsReported() {
        for (int life = 1; life <= 50; life++) {
            Child child = child(1, life, "Ticker", "");
            child.out("last words of " + life);
            child.end();
            assertThat(pump.tail(1, 1)).singleElement().asString().endsWith("last words of " + life);
        }
    }

    @Test
    void aGrandchildMayKeepThePipeOpenForOneSecond() throws IOException {
        Child child = child(1, "Ticker", "");
        child.out("parent\n");
        long start = System.nanoTime();
        CompletableFuture<Void> ended = pump.ended(1, 1);
        assertThat(ended).succeedsWithin(Duration.ofMillis(900));
        child.out("grandchild\n");
        await().atMost(LONG).until(() -> log("app.log").size() == 2);
        await().atMost(LONG)
                .untilAsserted(
                        () -> assertThatThrownBy(() -> child.out("too late\n")).isInstanceOf(NativeException.class));
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(5));
        assertThat(pump.ended(1, 1)).isCompleted();
        assertThat(pump.ended(7, 1)).isCompleted();
    }

    @Test
    void closingCompletesEverything() {
        Child child = child(1, "Ticker", "");
        child.out("unfinished");
        CompletableFuture<String> dump = pump.captureDump(1, 1);
        pump.close();
        assertThat(dump).isCompletedWithValue("");
        assertThat(pump.ended(1, 1)).isCompleted();
        assertThatThrownBy(() -> child.out("x")).isInstanceOf(NativeException.class);
        assertThat(pump.tail(1, 1)).singleElement().asString().endsWith("unfinished");
    }

    @Test
    void aDumpIsDivertedFromTheLog() throws IOException {
        Child child = child(1, "Ticker", "");
        CompletableFuture<String> dump = pump.captureDump(1, 1);
        assertThat(pump.captureDump(1, 1)).isSameAs(dump);
        String text = """
            2026-11-23 12:00:00
            Full thread dump OpenJDK

            "main" #1

            JNI global refs: 6, weak refs: 0


            Found one Java-level deadlock:

            Heap
             def new generation

            """;
        child.err("2026-11-23 11:59:59\nbefore\n" + text + "after\n2026-11-23 12:00:01\n");
        assertThat(dump).succeedsWithin(LONG).isEqualTo(text);
        child.end();
        assertThat(log("app.log").stream().map(line -> line.substring(line.indexOf(" - ") + 3)))
                .containsExactly("2026-11-23 11:59:59", "before", "after", "2026-11-23 12:00:01");
    }

    @Test
    void aDumpThatDoesNotEndCanBeGivenUp() throws IOException {
        Child child = child(1, "Ticker", "");
        CompletableFuture<String> dump = pump.captureDump(1, 1);
        child.err("Full thread dump OpenJDK\n\"main\" #1\n");
        awaitRead();
        child.out("between\n");
        awaitRead();
        assertThat(dump).isNotCompleted();
        pump.cancelCapture(1, 1);
        assertThat(dump).succeedsWithin(LONG).isEqualTo("Full thread dump OpenJDK\n\"main\" #1\n");
        child.err("to the log again\n");
        child.end();
        assertThat(log("app.log")).hasSize(2);
        CompletableFuture<String> none = pump.captureDump(1, 1);
        assertThat(none).succeedsWithin(LONG).isEqualTo("");
    }

    @Test
    @Tag("native-only")
    void aFullDiskBlocksNoChild() throws Exception {
        assumeThat(System.getProperty("user.name"))
                .as("mounting a small tmpfs needs root")
                .isEqualTo("root");
        Path small = Files.createDirectory(directory.resolve("small"));
        assumeThat(shell("mount -t tmpfs -o size=256k none " + small))
                .as("mounting is allowed")
                .isZero();
        try {
            close();
            open(small, 1 << 30, 1);
            Child child = child(1, "Flood", "");
            byte[] mebibyte = ("x".repeat(127) + "\n").repeat(8_192).getBytes(ISO_8859_1);
            long start = System.nanoTime();
            for (int i = 0; i < 100; i++) {
                child.write(child.out, mebibyte);
            }
            child.end();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
            assertThat(files.flush(LONG)).isTrue();
            Path log = small.resolve("app.log");
            assertThat(Files.size(log)).isBetween(200_000L, 256L << 10);
            long kept = Files.readAllLines(log).stream()
                    .filter(line -> line.endsWith("xxx"))
                    .count();
            assertThat(shell("mount -o remount,size=64m " + small)).isZero();
            Pattern marker = Pattern.compile("log - (\\d+) lines \\(\\d+ bytes\\) (?:from Flood )?were dropped");
            await().atMost(LONG).untilAsserted(() -> {
                String text = Files.readString(log);
                assertThat(text).contains("could not be written");
                long dropped = marker.matcher(text)
                        .results()
                        .mapToLong(found -> Long.parseLong(found.group(1)))
                        .sum();
                assertThat(kept + dropped).isBetween(819_199L, 819_201L);
            });
            Child next = child(2, "Ticker", "");
            next.out("works again\n");
            next.end();
            assertThat(files.flush(LONG)).isTrue();
            assertThat(Files.readString(log)).endsWith("stdout - works again\n");
        } finally {
            pump.close();
            files.close();
            assertThat(shell("umount " + small)).isZero();
        }
    }

    private void open(Path logs, long maxSize, int keep) {
        files = new LogFiles(logs, "app", maxSize, keep, null);
        files.start();
        pump = new LogPump(files);
        pump.start();
    }

    private Child child(int slot, String name, String file) {
        return child(slot, 1, name, file);
    }

    private Child child(int slot, int life, String name, String file) {
        int[] out = Fd.pipe();
        int[] err = Fd.pipe();
        pump.attach(slot, life, name, 100 + slot, file, out[0], err[0]);
        Child child = new Child(slot, life, out[1], err[1]);
        writeEnds.addAll(List.of(out[1], err[1]));
        return child;
    }

    /// Until the pump has taken what is in the pipes. When it has read a line of another process, it reads what was
    /// there before in the same round; the next line comes in a later one.
    private void awaitRead() {
        Child barrier = barrier();
        for (int line = 0; line < 2; line++) {
            String text = "line " + ++barrierLines;
            barrier.out(text + "\n");
            await().atMost(LONG)
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> pump.tail(BARRIER, 1).toString().endsWith(text + "]"));
        }
    }

    private Child barrier() {
        Child known = barrier;
        if (known == null) {
            known = child(BARRIER, "Barrier", "barrier.log");
            barrier = known;
        }
        return known;
    }

    private static String record(String channel, String text) {
        return "\u001e" + channel + "\u001f" + text + "\u001e\n";
    }

    private List<String> log(String file) throws IOException {
        assertThat(files.flush(LONG)).isTrue();
        String text = Files.readString(directory.resolve(file), ISO_8859_1);
        return Arrays.asList(READ_AT.matcher(text)
                .replaceAll(found -> found.group().startsWith(INSTANT) ? found.group() : "READ_AT ")
                .split("\n"));
    }

    private List<String> rotatedLines() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(directory.resolve("app.log")));
        for (int number = 1; Files.exists(directory.resolve("app.log." + number)); number++) {
            lines.addAll(0, Files.readAllLines(directory.resolve("app.log." + number)));
        }
        return lines;
    }

    private static int shell(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectErrorStream(true)
                .start();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    /// The ends of its pipes that a child would have.
    private final class Child {
        private final int slot;
        private final int life;
        private final int out;
        private final int err;

        Child(int slot, int life, int out, int err) {
            this.slot = slot;
            this.life = life;
            this.out = out;
            this.err = err;
        }

        void out(String text) {
            write(out, text.getBytes(ISO_8859_1));
        }

        void err(String text) {
            write(err, text.getBytes(ISO_8859_1));
        }

        void write(int fd, byte[] text) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(text.length).put(text).flip();
            while (buffer.hasRemaining()) {
                int _ = Fd.write(fd, buffer);
            }
        }

        void end() {
            writeEnds.removeAll(List.of(out, err));
            Fd.close(out);
            Fd.close(err);
            assertThat(pump.ended(slot, life)).succeedsWithin(LONG);
        }
    }
}
