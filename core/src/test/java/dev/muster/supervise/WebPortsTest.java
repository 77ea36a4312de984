package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.muster.Role;
import dev.muster.board.Board;
import dev.muster.control.ExitCode;
import dev.muster.os.FreePort;
import dev.muster.os.Identity;
import dev.muster.scan.Declaration;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// When a port of the web workers is opened, and when it is closed.
@Timeout(30)
class WebPortsTest {
    private static final String GROUP = "group";

    @TempDir
    Path directory;

    private final List<String> log = new ArrayList<>();
    private final WebPorts ports = new WebPorts((level, line) -> log.add(level + " " + line));
    private final History app = History.of(Role.WEB, 1, 0, Recycling.NONE);
    private Declaration.Web first;
    private Declaration.Web second;
    private Roster roster;
    private Generations generations;
    private Board board;
    private Workers workers;
    private MasterLoop loop;

    @BeforeEach
    void open() throws IOException {
        first = web(FreePort.any());
        second = web(FreePort.any());
        roster = new Roster(List.of(first), Shops.settings(), "");
        generations = new Generations(Shops.generation(1, first), _ -> {});
        board = Board.create(directory.resolve("board"), 8, 1, Identity.self());
        workers = new Workers(board);
        loop = new MasterLoop(app.state(), null);
        ports.open(generations.get(1).map());
        expect(1, 1);
        app.settle();
    }

    @AfterEach
    void close() {
        ports.close();
        assertRefuses(first, "its end");
        assertRefuses(second, "its end");
        board.delete();
    }

    private static Declaration.Web web(int port) {
        return new Declaration.Web(GROUP, 1, "127.0.0.1", port);
    }

    private static boolean listens(Declaration.Web web) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), web.port())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /// Not always at once: a child that another test has just forked has the socket until its exec.
    private static void assertRefuses(Declaration.Web web, String why) {
        await(why).until(() -> !listens(web));
    }

    private void expect(int life, int generation) {
        Generation code = generations.get(generation);
        Roster.Place place = roster.place(0).of(code);
        assertThat(ports.of((Declaration.Web) place.declaration())).isPositive();
        WorkerHandle _ = workers.expect(life, place, code, "token");
        accepts(life, true);
    }

    private void accepts(int life, boolean value) {
        WorkerHandle worker = workers.find(life);
        assertThat(worker).isNotNull();
        worker.board().connections(0, value);
    }

    private void turn() {
        ports.turned(app.state(), roster, workers, generations);
    }

    /// The end of a process, as the master sees it.
    private void bury(int life) {
        app.exit(life, 0, 0, 1);
        WorkerHandle worker = workers.find(life);
        assertThat(worker).isNotNull();
        workers.forget(worker);
        generations.prune(app.state());
        turn();
    }

    /// What the loop would be told.
    private List<String> openFor(Generation generation) {
        List<String> told = new ArrayList<>();
        ports.open(generation.map(), loop, why -> {
            told.add(why);
            LoopOfTest.end(loop);
        });
        if (told.isEmpty()) {
            LoopOfTest.runUntilFailure(loop);
        }
        return told;
    }

    private Generation reload(Declaration... declarations) {
        Generation coming = Shops.generation(2, declarations);
        assertThat(openFor(coming)).containsExactly("");
        generations.coming(coming);
        turn();
        app.hear(new Event.Reload(app.now(), 2, ""));
        return coming;
    }

    @Test
    void isOpenFromTheStartAndSaidInTheLog() {
        assertThat(listens(first)).isTrue();
        assertThat(ports.of(first)).isGreaterThan(2);
        assertThat(ports.of(second)).isNegative();
        assertThat(log).containsExactly("INFO listening on 127.0.0.1 port " + first.port() + " for the web workers");
        turn();
        assertThat(listens(first)).isTrue();
    }

    @Test
    void anotherPortIsOpenedBesideTheOldOneWhichEndsWithItsLastProcess() {
        Generation _ = reload(second);
        assertThat(listens(first)).isTrue();
        assertThat(listens(second)).isTrue();
        expect(app.heir(0), 2);
        app.settle();
        generations.settled();
        turn();
        assertThat(listens(first)).as("the old process leaves").isTrue();
        accepts(1, false);
        turn();
        assertRefuses(first, "nobody accepts there any more");
        assertThat(log)
                .endsWith("INFO nobody accepts on 127.0.0.1 port " + first.port()
                        + " any more: connections are refused there");
        bury(1);
        assertThat(app.state().generation()).isEqualTo(2);
        assertRefuses(first, "its end");
        assertThat(listens(second)).isTrue();
        assertThat(log).endsWith("INFO listening on 127.0.0.1 port " + first.port() + " no more");
    }

    @Test
    void anUndoneReloadClosesTheNewOneAgain() {
        Generation _ = reload(second);
        int heir = app.heir(0);
        expect(heir, 2);
        app.hear(new Event.Spawned(app.now(), heir, 102));
        bury(heir);
        assertThat(app.state().reload()).isNull();
        assertRefuses(second, "nobody accepts there");
        assertThat(log).as("open until the desk has heard of it").noneMatch(line -> line.endsWith("no more"));
        generations.settled();
        generations.prune(app.state());
        turn();
        assertRefuses(second, "its end");
        assertThat(listens(first)).isTrue();
    }

    @Test
    void theOldOneListensAgainWhenTheReloadIsUndoneAfterAll() throws IOException {
        Generation _ = reload(second);
        expect(app.heir(0), 2);
        app.settle();
        accepts(1, false);
        turn();
        assertRefuses(first, "its end");
        int again = ports.of(first);
        assertThat(again).isPositive();
        assertThat(listens(first)).isTrue();
        accepts(1, true);
        turn();
        assertThat(ports.of(first)).isEqualTo(again);
        assertThat(listens(first)).isTrue();
    }

    @Test
    void workersThatAreNotDeclaredAnyMoreKeepTheirsUntilTheyAreGone() {
        Roster.Place exempt = roster.exempt(roster.place(0));
        app.hear(new Event.Specified(app.now(), exempt.spec()));
        Generation _ = reload();
        assertThat(app.state().generation()).isEqualTo(2);
        generations.settled();
        generations.prune(app.state());
        turn();
        assertThat(listens(first)).as("the slot would be filled with it").isTrue();
        app.hear(new Event.Scaled(app.now(), GROUP, 0));
        turn();
        assertThat(listens(first)).as("its process finishes").isTrue();
        bury(1);
        assertThat(app.stateOf(0)).isEqualTo(SlotState.STOPPED);
        assertRefuses(first, "its end");
    }

    @Test
    void refusesConnectionsWhileItsGroupIsScaledToNobody() throws IOException {
        app.hear(new Event.Scaled(app.now(), GROUP, 0));
        turn();
        assertThat(listens(first)).as("its process finishes").isTrue();
        accepts(1, false);
        bury(1);
        assertThat(app.stateOf(0)).isEqualTo(SlotState.STOPPED);
        assertRefuses(first, "its end");
        assertThat(log)
                .endsWith("INFO nobody accepts on 127.0.0.1 port " + first.port()
                        + " any more: connections are refused there");
        app.hear(new Event.Scaled(app.now(), GROUP, 1));
        turn();
        assertThat(ports.of(first)).isPositive();
        assertThat(listens(first)).isTrue();
        turn();
        assertThat(listens(first)).as("the new process boots").isTrue();
    }

    @Test
    void oneThatCannotBeHadChangesNothing() throws IOException {
        try (ServerSocket taken = new ServerSocket(second.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(openFor(Shops.generation(2, second)))
                    .singleElement()
                    .asString()
                    .startsWith("cannot listen on 127.0.0.1 port " + taken.getLocalPort() + ": the port is taken by")
                    .endsWith("or set server.port to another port");
        }
        turn();
        assertThat(listens(first)).isTrue();
        assertThat(ports.of(second)).isNegative();
    }

    @Test
    void theSamePortWithAHostThatOverlapsCannotBeOpenedBesideTheOldOne() {
        Declaration everywhere = new Declaration.Web(GROUP, 1, "0.0.0.0", first.port());
        assertThat(openFor(Shops.generation(2, everywhere)))
                .singleElement()
                .asString()
                .contains("is taken by this process itself, which listens there on another address of this machine;"
                        + " stop and start it, or set server.port to another port");
        assertThat(listens(first)).isTrue();
    }

    @Test
    void aStartWithoutItEndsWithTheCodeForTheReason() throws IOException {
        try (ServerSocket _ = new ServerSocket(second.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> ports.open(Shops.generation(2, second).map()))
                    .isInstanceOfSatisfying(
                            StartException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.SYSTEM_RESOURCE))
                    .hasMessageContaining("is taken");
        }
        Declaration elsewhere = new Declaration.Web(GROUP, 1, "192.0.2.1", second.port());
        assertThatThrownBy(() -> ports.open(Shops.generation(2, elsewhere).map()))
                .isInstanceOfSatisfying(
                        StartException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.CONFIGURATION));
    }
}
