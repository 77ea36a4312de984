package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.ExitReason;
import dev.muster.Role;
import dev.muster.board.Board;
import dev.muster.control.Message;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.RunExiting;
import dev.muster.control.Message.Verdict;
import dev.muster.os.Identity;
import dev.muster.scan.Declaration;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who is told of the dead, and who does what they left undone.
@Timeout(30)
class EstateTest {
    private static final Declaration POOL = Shops.pool("hands", 2);
    private static final DeadWorker EARLY = dead("early");
    private static final DeadWorker LATE = dead("late");

    @TempDir
    Path directory;

    private final Roster roster = new Roster(List.of(POOL), Shops.settings(), "");
    private final History app = History.of(Role.POOL, 2, 0, Recycling.NONE);
    private final Map<Integer, HeardConnection> connections = new TreeMap<>();
    private MasterLoop loop;
    private Board board;
    private Workers workers;
    private Estate estate;
    private ChildDesk desk;

    @BeforeEach
    void open() {
        board = Board.create(directory.resolve("board"), 8, 1, Identity.self());
        workers = new Workers(board);
        estate = new Estate(board);
        app.settle();
        begin();
        spawned(1, 0);
        spawned(2, 1);
    }

    /// A loop that begins with the state of the application as it is now.
    private void begin() {
        Generations generations = new Generations(Shops.generation(1, POOL), _ -> {});
        loop = new MasterLoop(app.state(), null);
        desk = new ChildDesk(
                loop,
                roster,
                workers,
                estate,
                new HealthDesk("Shop", app.state()),
                new Measuring(loop::post),
                new ListenerDesk(generations, app.state(), (_, _) -> {}, _ -> {}),
                _ -> {});
    }

    @AfterEach
    void close() {
        board.delete();
    }

    private static DeadWorker dead(String incarnation) {
        return new DeadWorker(incarnation, "q", Verdict.CRASH, "", List.of("task"), true, "SIGNAL", "");
    }

    private WorkerHandle spawned(int life, int slot) {
        WorkerHandle worker = workers.expect(life, roster.place(slot), Shops.generation(1, POOL), "token-" + life);
        worker.pid(100 + life);
        connections.put(life, new HeardConnection());
        return worker;
    }

    private WorkerHandle worker(int life) {
        WorkerHandle worker = workers.find(life);
        assertThat(worker).isNotNull();
        return worker;
    }

    private HeardConnection connection(int life) {
        HeardConnection connection = connections.get(life);
        assertThat(connection).isNotNull();
        return connection;
    }

    private void greet(int life) {
        desk.greet(connection(life), new Message.Hello("token-" + life, 100 + life, "incarnation", "25"));
    }

    private List<DeadWorker> reclaimed(int life) {
        return connection(life).all(Message.Reclaim.class).stream()
                .map(Message.Reclaim::dead)
                .toList();
    }

    /// The process 1 is condemned, and its replacement has been welcomed and boots.
    private WorkerHandle relieved() {
        app.observe(1, 1, 0, 3);
        app.hear(new Event.KillSlot(app.now(), 0));
        int heir = app.present(0);
        assertThat(heir).isEqualTo(3);
        app.hear(new Event.Spawned(app.now(), heir, 100 + heir));
        WorkerHandle worker = spawned(heir, 0);
        estate.announce(EARLY, List.of());
        greet(heir);
        assertThat(connection(heir).last(Message.Welcome.class).dead()).containsExactly(EARLY);
        app.hear(new Event.Greeted(app.now(), heir));
        begin();
        return worker;
    }

    @Test
    void whoDiesWhileItsReplacementBootsIsToldToThatWhenItIsReady() {
        WorkerHandle heir = relieved();
        estate.announce(
                LATE,
                workers.working(app.state()).stream()
                        .filter(worker -> worker.life() != 2)
                        .toList());
        assertThat(reclaimed(3)).as("it boots").isEmpty();
        assertThat(desk.heard(heir, new Message.Ready())).isTrue();
        LoopOfTest.run(loop);
        assertThat(reclaimed(3)).as("not what it was welcomed with").containsExactly(LATE);
    }

    @Test
    void soIsWhoIsBuriedWhileTheWordOfItsReplacementIsOnItsWay() {
        WorkerHandle heir = relieved();
        loop.execute(() -> estate.announce(LATE, workers.working(loop.state())));
        assertThat(desk.heard(heir, new Message.Ready())).isTrue();
        LoopOfTest.run(loop);
        assertThat(reclaimed(3)).containsExactly(LATE);
        estate.announce(dead("later"), workers.working(loop.state()));
        assertThat(reclaimed(3)).as("from then on at once").containsExactly(LATE, dead("later"));
    }

    @Test
    void whatSomebodyHasGivenBackMeanwhileIsNotToldAgain() {
        WorkerHandle heir = relieved();
        estate.announce(LATE, List.of());
        estate.reclaimed("late");
        assertThat(desk.heard(heir, new Message.Ready())).isTrue();
        LoopOfTest.run(loop);
        assertThat(reclaimed(3)).isEmpty();
    }

    private void owe(String incarnation) {
        estate.announceExiting("hands", incarnation, ExitReason.SIGNAL, "t".repeat(60_000), living());
    }

    private List<WorkerHandle> living() {
        return workers.working(app.state());
    }

    private List<String> exitings(int life) {
        return connection(life).all(RunExiting.class).stream()
                .map(RunExiting::incarnation)
                .toList();
    }

    private void connect(int life) {
        worker(life).connected(connection(life));
    }

    @Test
    void aWorkerRunsOneExitingAfterTheOther() {
        connect(1);
        connect(2);
        for (int i = 0; i < 40; i++) {
            estate.announceExiting("hands", "dead-" + i, ExitReason.SIGNAL, "t".repeat(60_000), List.of());
        }
        assertThat(desk.heard(worker(2), new Message.TookUp())).isTrue();
        assertThat(exitings(2)).containsExactly("dead-0");
        assertThat(desk.heard(worker(2), new Message.ExitingRan("dead-0"))).isTrue();
        assertThat(exitings(2)).hasSize(2);
        assertThat(exitings(1)).as("who is idle helps").hasSize(1);
        for (int i = 0; i < 60; i++) {
            int life = i % 2 + 1;
            desk.heard(worker(life), new Message.ExitingRan(exitings(life).getLast()));
        }
        List<String> ran = new ArrayList<>(exitings(1));
        ran.addAll(exitings(2));
        assertThat(ran).as("each once").hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void whatADeadWorkerWasRunningIsForAnother() {
        connect(1);
        connect(2);
        owe("first");
        owe("second");
        owe("third");
        assertThat(exitings(1)).containsExactly("first");
        assertThat(exitings(2)).containsExactly("second");
        app.exit(1, -1, 9, 1);
        estate.gone(1, living());
        assertThat(exitings(2)).as("it is busy").containsExactly("second");
        estate.exitingRan(worker(2), "second", living());
        assertThat(exitings(2)).containsExactly("second", "first");
        estate.exitingRan(worker(2), "first", living());
        assertThat(exitings(2)).containsExactly("second", "first", "third");
    }

    @Test
    void whatIsInheritedStandsOnTheNewBoardBeforeTheOldOneIsGone() {
        Path file = directory.resolve("second");
        try (Board old = Board.create(file, 1, new Identity(999_999_999, 1))) {
            new Estate(old).announce(LATE, List.of());
        }
        List<DeadWorker> inherited = Inheritance.of(file, (_, _) -> {});
        assertThat(inherited).contains(LATE);
        // A master that is killed at once, before it looks at anything else.
        Board.create(file, 1, 1, new Identity(999_999_999, 2), Estate.entries(inherited))
                .close();
        assertThat(Inheritance.of(file, (_, _) -> {})).contains(LATE);
    }
}
