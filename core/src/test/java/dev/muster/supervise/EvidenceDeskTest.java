package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.muster.ExitReason;
import dev.muster.Role;
import dev.muster.board.Board;
import dev.muster.observe.Death;
import dev.muster.observe.DeathLog;
import dev.muster.os.Identity;
import dev.muster.scan.Declaration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/// What becomes of evidence when the system gives no more threads.
@Timeout(30)
@ResourceLock("threads of logs")
class EvidenceDeskTest {
    private static final Declaration POOL = Shops.pool("hands", 1);

    @TempDir
    Path directory;

    private final History app = History.of(Role.POOL, 1, 0, Recycling.NONE);
    private final MasterLoop loop = new MasterLoop(app.state(), null);
    private final List<String> told = new ArrayList<>();
    private LogFiles files;
    private LogPump pump;
    private Board board;
    private WorkerHandle worker;
    private EvidenceDesk desk;

    @BeforeEach
    void open() {
        files = new LogFiles(directory, "app", 64 << 20, 1, null);
        files.start();
        pump = new LogPump(files);
        pump.start();
        board = Board.create(directory.resolve("board"), 1, Identity.self());
        Roster roster = new Roster(List.of(POOL), Shops.settings(), "");
        worker = new Workers(board).expect(1, roster.place(0), Shops.generation(1, POOL), "token");
        ThreadPoolExecutor none = new ThreadPoolExecutor(0, 9, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), _ -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        desk = new EvidenceDesk(loop, pump, new Dumps(directory.resolve("dumps"), 9, 1 << 20), new DeathLog(), none);
    }

    @AfterEach
    void close() {
        desk.close();
        pump.close();
        files.close();
        board.delete();
    }

    @Test
    void aProcessThatHangsIsCondemnedWithoutEvidence() {
        Condemnation why = new Condemnation(Condemnation.Kind.SILENT, "no beat", "");
        Effect.TakeEvidence order = new Effect.TakeEvidence(0, 1, 101, why, false, true, false);
        assertThatCode(() -> desk.take(worker, order, "", told::add)).doesNotThrowAnyException();
        assertThat(told).containsExactly("");
    }

    @Test
    void whoAsksForADumpIsAnswered() {
        assertThatCode(() -> desk.dump(worker, (path, answered) -> told.add("[" + path + "] " + answered)))
                .doesNotThrowAnyException();
        assertThat(told).containsExactly("[] false");
    }

    @Test
    void aDeathIsKeptWithoutAFileAndNobodyWaitsForOne() {
        Death death = new Death(0, "hands", 101, ExitReason.SIGNAL, "", -1, 9, 5, "", "found dead", 1, "");
        assertThatCode(() -> assertThat(desk.explain(death, worker, false)).isEqualTo(death))
                .doesNotThrowAnyException();
        desk.settled(() -> told.add("settled"));
        assertThat(told).containsExactly("settled");
    }
}
