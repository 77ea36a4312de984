package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.SettingsLoader;
import dev.muster.task.Broker;
import dev.muster.task.Broker.TaskView;
import dev.muster.task.Brokers;
import java.io.ByteArrayInputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Lines into a real store.
@Timeout(60)
class EnqueuerTest {
    @TempDir
    Path directory;

    private Broker broker;

    @BeforeEach
    void open() {
        broker = Brokers.open(SettingsLoader.load("App", null, Map.of(), List.of("data.dir=" + directory)));
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void aFastStreamGoesInBatchesAndEveryIdIsKept() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 1_700; i++) {
            lines.append("{\"task\":\"t\",\"param\":[").append(i).append("]}\n");
        }
        List<List<String>> batches = new ArrayList<>();

        enqueue(lines.toString(), batches);

        List<String> ids = batches.stream().flatMap(List::stream).toList();
        assertThat(ids).hasSize(1_700).doesNotHaveDuplicates();
        assertThat(batches).hasSizeLessThan(100).allMatch(batch -> batch.size() <= 500);
        assertThat(ids).allMatch(id -> broker.find(id).isPresent());
        assertThat(broker.counts().get("q").ready()).isEqualTo(1_700);
    }

    @Test
    void aSlowStreamIsNotDelayed() throws Exception {
        BlockingQueue<List<String>> batches = new LinkedBlockingQueue<>();
        CompletableFuture<Void> ended = new CompletableFuture<>();
        try (PipedOutputStream producer = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(producer)) {
            Thread.ofPlatform().start(() -> {
                try {
                    new Enqueuer(broker, "q", Enqueuer.LINE_LIMIT, batches::add).run(in);
                    ended.complete(null);
                } catch (Exception e) {
                    ended.completeExceptionally(e);
                }
            });
            for (int i = 0; i < 3; i++) {
                producer.write("{\"task\":\"t\"}\n".getBytes(StandardCharsets.UTF_8));
                producer.flush();
                assertThat(batches.poll(20, TimeUnit.SECONDS)).hasSize(1);
            }
        }
        ended.get(20, TimeUnit.SECONDS);
        assertThat(batches).isEmpty();
    }

    @Test
    void whatIsNoMessageIsKeptAsADeadLetter() throws Exception {
        List<List<String>> batches = new ArrayList<>();
        byte[] latin = {'{', '"', 'a', '"', ':', '"', (byte) 0xe9, '"', '}', '\n'};
        byte[] text = "\r\n \n{\"task\":\"t\"}\r\nnonsense\n[1]\n{\"cut".getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[latin.length + text.length];
        System.arraycopy(latin, 0, all, 0, latin.length);
        System.arraycopy(text, 0, all, latin.length, text.length);

        Enqueuer enqueuer = new Enqueuer(broker, "q", Enqueuer.LINE_LIMIT, batches::add);
        enqueuer.run(new ByteArrayInputStream(all));

        assertThat(enqueuer.kept()).isEqualTo(5);
        assertThat(broker.counts().get("q").ready()).isEqualTo(1);
        assertThat(broker.dead(10))
                .hasSize(4)
                .allMatch(task -> task.reason().equals("MALFORMED"))
                .extracting(TaskView::payload)
                .contains("nonsense", "[1]", "{\"cut");
    }

    @Test
    void aLineThatIsLargerThanWhatIsHeldAheadIsTaken() throws Exception {
        String line = "{\"task\":\"t\",\"param\":[\"" + "x".repeat(40 << 20) + "\"]}\n";

        new Enqueuer(broker, "q", 64 << 20, _ -> {})
                .run(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)));

        assertThat(broker.counts().get("q").ready()).isEqualTo(1);
    }

    @Test
    void aLineThatIsTooLargeLeavesItsBeginning() throws Exception {
        int size = Enqueuer.LINE_LIMIT + 10;
        List<List<String>> batches = new ArrayList<>();

        enqueue("x".repeat(size) + "\n{\"task\":\"t\"}\n", batches);

        assertThat(broker.dead(10)).singleElement().satisfies(task -> {
            assertThat(task.payload()).hasSize(LineFeed.EXCERPT);
            assertThat(task.detail()).contains(Integer.toString(size));
        });
        assertThat(broker.counts().get("q").ready()).isEqualTo(1);
    }

    private void enqueue(String lines, List<List<String>> batches) throws Exception {
        new Enqueuer(broker, "q", Enqueuer.LINE_LIMIT, batches::add)
                .run(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)));
    }
}
