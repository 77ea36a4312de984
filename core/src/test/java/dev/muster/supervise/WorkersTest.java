package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.muster.Role;
import dev.muster.board.Board;
import dev.muster.os.Identity;
import dev.muster.scan.Declaration;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Which part of the board a process gets.
@Timeout(30)
class WorkersTest {
    private static final Declaration POOL = Shops.pool("hands", 2);

    @TempDir
    Path directory;

    private final Roster roster = new Roster(List.of(POOL), Shops.settings(), "");
    private final Generation generation = Shops.generation(1, POOL);
    private Board board;
    private Workers workers;

    @BeforeEach
    void open() {
        board = Board.create(directory.resolve("board"), 3, 1, Identity.self());
        workers = new Workers(board);
    }

    @AfterEach
    void close() {
        board.delete();
    }

    private WorkerHandle expect(int life) {
        return workers.expect(life, roster.place(0), generation, "token-" + life);
    }

    @Test
    void seatsAreGivenInOrderAndGetMemoryWhenTheyAreNeeded() {
        assertThat(expect(1).seat()).isZero();
        assertThat(board.provided()).isOne();
        assertThat(expect(2).seat()).isOne();
        assertThat(board.provided()).isEqualTo(2);
        assertThat(workers.all()).extracting(WorkerHandle::life).containsExactly(1, 2);
    }

    @Test
    void theLowestFreeSeatIsUsedAgainAndKnowsOnlyItsNewProcess() {
        WorkerHandle first = expect(1);
        WorkerHandle second = expect(2);
        second.board().register(2, "x.2");
        assertThat(second.board().incarnation()).isEqualTo("x.2");
        workers.forget(second);
        workers.forget(first);
        assertThat(workers.find(1)).isNull();
        assertThat(first.hasToken("token-1")).as("void with the process").isFalse();

        assertThat(expect(3).seat()).isZero();
        WorkerHandle again = expect(4);
        assertThat(again.seat()).isOne();
        assertThat(again.board().incarnation()).isEmpty();
        assertThat(board.provided()).isEqualTo(2);
    }

    @Test
    void aFullBoardRefusesAndForgetsNothing() {
        WorkerHandle first = expect(1);
        expect(2);
        expect(3);
        assertThatIllegalStateException()
                .isThrownBy(() -> expect(4))
                .withMessage("the board has room for 3 processes at a time");
        assertThat(workers.find(4)).isNull();
        workers.forget(first);
        assertThat(expect(5).seat()).isZero();
    }

    @Test
    void whoWorksAreThePresentProcessesThatAreReadyOrWork() {
        History app = History.of(Role.POOL, 2, 0, Recycling.NONE);
        expect(1);
        expect(2);
        assertThat(workers.working(app.state())).as("they boot").isEmpty();
        app.boot(1);
        app.settle();
        assertThat(workers.working(app.state())).extracting(WorkerHandle::life).containsExactly(1, 2);
        app.hear(new Event.RestartSlot(app.now(), 0));
        assertThat(workers.working(app.state())).extracting(WorkerHandle::life).containsExactly(2);
        assertThat(workers.of(app.slot(0)).orElseThrow().worker().life()).isOne();
        app.exit(1, 0, 0, 3);
        assertThat(workers.of(app.slot(0))).as("its process is not known here").isEmpty();
    }
}
