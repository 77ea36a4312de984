package dev.muster.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// What [Table#save] writes and [Table#load] reads.
@Tag("degraded")
@Timeout(60)
@ResourceLock("shared memory of this JVM")
class SnapshotTest {
    private static final Table USERS = Table.named("users", 1024, Column.text("value", 64));
    private static final Table PEOPLE = Table.named(
            "people", 1024, Column.text("value", 256), Column.int64("n"), Column.float64("x"), Column.bytes("raw", 16));
    private static final int ROWS = 500;
    private static final int SAVERS = 4;
    private static final int ROUNDS = 20;

    @TempDir
    private Path dir;

    @Test
    void rowsGoIntoAFileAndComeBack() throws Exception {
        try (Application _ = Application.start()) {
            PEOPLE.set(
                    "anna\n\"",
                    Map.of("value", "ä\u2028", "n", Long.MIN_VALUE, "x", Double.NaN, "raw", new byte[] {-1}));
            PEOPLE.set("ben", Map.of("x", 1e300));
            Row anna = PEOPLE.get("anna\n\"");
            Path file = dir.resolve("people.json");
            assertThat(PEOPLE.save(file)).isEqualTo(2);
            PEOPLE.remove("anna\n\"");
            PEOPLE.set("ben", Map.of("x", 1));
            PEOPLE.set("carl", Map.of());
            assertThat(PEOPLE.load(file)).isEqualTo(2);
            assertThat(PEOPLE.get("anna\n\"")).isEqualTo(anna);
            assertThat(PEOPLE.float64("ben", "x")).isEqualTo(1e300);
            assertThat(PEOPLE.contains("carl")).isTrue();
            try (Stream<Path> files = Files.list(dir)) {
                assertThat(files).containsExactly(file);
            }

            Table narrow = Table.named("narrow", 8, Column.int64("n"));
            assertThatThrownBy(() -> narrow.load(file))
                    .hasMessageContaining("line 1: it has a column value of type TEXT, and the table narrow has not");
            Files.writeString(file, "{\"table\":\"people\",\"format\":1,\"columns\":{}}\n{\"key\":\"a\"}\n");
            assertThatThrownBy(() -> PEOPLE.load(file)).hasMessageContaining("line 2: it has no key, or no values");
            Files.writeString(file, "nonsense");
            assertThatThrownBy(() -> PEOPLE.load(file)).hasMessageContaining("line 1: it is no JSON object");
            TableCursor cursor = PEOPLE.cursor();
            cursor.put(PEOPLE.column("n"), 1L).set(new byte[] {(byte) 0xFF});
            assertThatThrownBy(() -> PEOPLE.save(file)).hasMessageContaining("a key holds bytes that are no UTF-8");
            assertThat(file).hasContent("nonsense");
            try (Stream<Path> files = Files.list(dir)) {
                assertThat(files).as("what failed leaves nothing").containsExactly(file);
            }
        }
    }

    @Test
    void whatCannotBeLoadedIsNamedWithItsLineAndWhatIsSet() throws Exception {
        try (Application _ = Application.start()) {
            Path file = dir.resolve("people.json");
            String head = "{\"table\":\"people\",\"format\":1,\"columns\":{}}\n";
            String good = "{\"key\":\"a\",\"values\":{\"n\":1}}\n";
            record Case(String line, Class<? extends Exception> type, String text) {}
            for (Case wrong : List.of(
                    new Case("\"k\",\"values\":{\"n\":null}", IOException.class, "the column n is null"),
                    new Case("\"k\",\"values\":{\"raw\":null}", IOException.class, "the column raw is null"),
                    new Case("\"k\",\"values\":{\"raw\":\"?\"}", IOException.class, "base64"),
                    new Case(
                            "\"k\",\"values\":{\"value\":\"" + "x".repeat(5_000) + "\"}", LimitException.class, "5000"),
                    new Case("\"" + "k".repeat(2_000) + "\",\"values\":{}", LimitException.class, "2000 bytes"))) {
                Files.writeString(file, head + good + "{\"key\":" + wrong.line + "}\n");
                PEOPLE.remove("a");
                assertThatThrownBy(() -> PEOPLE.load(file))
                        .isInstanceOf(wrong.type)
                        .hasMessageStartingWith("cannot load " + file + ", line 3: ")
                        .hasMessageContaining(wrong.text)
                        .hasMessageEndingWith("; the 1 rows before it are set");
                assertThat(PEOPLE.int64("a", "n")).isEqualTo(1);
            }
            Files.writeString(file, head + "null\n");
            assertThatThrownBy(() -> PEOPLE.load(file)).hasMessageContaining("line 2: it is null, and no JSON object");
            Files.write(file, new byte[] {(byte) 0xFF, '\n'});
            assertThatThrownBy(() -> PEOPLE.load(file))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("line 1: it, or a line after it, is no UTF-8; no row of it is set");
        }
    }

    @Test
    void nothingButAFileIsReplaced() throws Exception {
        try (Application _ = Application.start()) {
            assertThatThrownBy(() -> PEOPLE.save(dir))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot save the table people to " + dir + ": it is a directory");
            Path socket = dir.resolve("socket");
            try (ServerSocketChannel bound = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                bound.bind(UnixDomainSocketAddress.of(socket));
                assertThatThrownBy(() -> PEOPLE.save(socket))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("it is no regular file; give the path of a file");
                assertThat(Files.isRegularFile(socket)).isFalse();
            }
        }
    }

    @Test
    void ofSeveralThatSaveToOnePathTheFileIsThatOfOneOfThem() throws Exception {
        Path file = dir.resolve("users.json");
        try (Application _ = Application.start()) {
            for (int i = 0; i < ROWS; i++) {
                USERS.set("user " + i, Map.of("value", "x".repeat(i % 64)));
            }
            CyclicBarrier together = new CyclicBarrier(SAVERS);
            List<FutureTask<Integer>> savers = new ArrayList<>();
            for (int i = 0; i < SAVERS; i++) {
                FutureTask<Integer> saver = new FutureTask<>(() -> {
                    int saved = 0;
                    for (int round = 0; round < ROUNDS; round++) {
                        together.await();
                        saved += USERS.save(file);
                        together.await();
                        // Nobody saves at this moment.
                        assertThat(Files.readAllLines(file)).hasSize(ROWS + 1);
                    }
                    return saved;
                });
                savers.add(saver);
                Thread.ofPlatform().start(saver);
            }
            for (FutureTask<Integer> saver : savers) {
                assertThat(saver.get()).isEqualTo(ROUNDS * ROWS);
            }
            assertThat(USERS.load(file)).isEqualTo(ROWS);
        }
        try (Stream<Path> files = Files.list(dir)) {
            assertThat(files).as("nothing else is left").containsExactly(file);
        }
    }

    @Test
    void whatADeadProcessHasLeftGoesWithTheNextSaveAndWhatALivingOneWritesStays() throws Exception {
        Path file = dir.resolve("people.json");
        Path stale = Files.writeString(dir.resolve("people.json.123e4567-e89b-12d3-a456-426614174000.new"), "half");
        Path other = Files.writeString(dir.resolve("others.json.123e4567-e89b-12d3-a456-426614174000.new"), "half");
        Path notOurs = Files.writeString(dir.resolve("people.json.new"), "whole");
        try (Application application = Application.start()) {
            Process saver = application.process(HalfSaver.class, List.of(), file.toString());
            assertThat(saver.inputReader().readLine()).isEqualTo("writing");
            assertThat(stale).as("removed by the other process").doesNotExist();
            List<Path> begun = listing();

            assertThat(PEOPLE.save(file)).isZero();
            assertThat(listing()).containsAll(begun).hasSize(begun.size() + 1).contains(file);

            saver.destroyForcibly().waitFor();
            assertThat(PEOPLE.save(file)).isZero();
            assertThat(listing()).containsExactlyInAnyOrder(file, other, notOurs);
        }
    }

    private List<Path> listing() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.toList();
        }
    }
}
