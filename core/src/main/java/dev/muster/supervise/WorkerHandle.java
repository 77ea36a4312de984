package dev.muster.supervise;

import dev.muster.board.BoardSlot;
import dev.muster.control.ControlServer.Connection;
import dev.muster.control.Message;
import dev.muster.control.Message.DeadWorker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A process as the master sees it: what belongs to it, beside what the decisions need.
///
/// **Threads:** belongs to the master's loop. **Lifetime:** from the decision to spawn the process until it is buried.
final class WorkerHandle {
    private final int life;
    private final int bornIn;
    private final Generation generation;
    private final int seat;
    private final BoardSlot board;
    private final Map<Long, CompletableFuture<Boolean>> dumps = new HashMap<>();
    private Roster.Place place;
    private long pid;
    private String token;
    private @Nullable Connection connection;
    private String evidence = "";
    private String outage = "";
    private boolean releasedAll;
    private List<DeadWorker> given = List.of();
    private long killedAt;
    private long nextDump = 1;
    private long seenBeat = -1;
    private int sameBeat;

    /// @param place the slot that it is spawned for
    /// @param seat the number of its part of the board
    /// @param token that it proves itself with, once
    WorkerHandle(int life, Roster.Place place, Generation generation, int seat, BoardSlot board, String token) {
        this.life = life;
        this.place = place;
        this.bornIn = place.spec().slot();
        this.generation = generation;
        this.seat = seat;
        this.board = board;
        this.token = token;
    }

    /// The process is gone: its token is void, and who waits for its dumps waits in vain.
    void gone() {
        token = "";
        pid = 0;
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.close();
        }
        List<CompletableFuture<Boolean>> waiting = new ArrayList<>(dumps.values());
        dumps.clear();
        waiting.forEach(future -> future.complete(false));
    }

    int life() {
        return life;
    }

    /// The slot that it was spawned for, under which the log knows it.
    int bornIn() {
        return bornIn;
    }

    Generation generation() {
        return generation;
    }

    int seat() {
        return seat;
    }

    /// The slot that it is in.
    Roster.Place place() {
        return place;
    }

    int slot() {
        return place.spec().slot();
    }

    /// It takes up the work of another slot.
    void move(Roster.Place to) {
        place = to;
    }

    BoardSlot board() {
        return board;
    }

    long pid() {
        return pid;
    }

    void pid(long value) {
        pid = value;
    }

    boolean hasToken(String value) {
        return !token.isEmpty() && token.equals(value);
    }

    @Nullable
    Connection connection() {
        return connection;
    }

    /// The token is used up with the first connection.
    void connected(Connection value) {
        connection = value;
        token = "";
    }

    /// Sends, if the worker is connected; a worker that is not is about to end anyway.
    void send(Message message) {
        Connection open = connection;
        if (open != null) {
            open.send(message);
        }
    }

    /// It is sent SIGKILL, perhaps not for the first time.
    void killed(long now) {
        killedAt = killedAt == 0 ? now : killedAt;
    }

    /// When that was, 0 if it was not.
    long killedAt() {
        return killedAt;
    }

    void outage(String reason) {
        outage = reason;
    }

    /// Why it does not get on with its task store; empty if it does.
    String outage() {
        return outage;
    }

    /// It has said that the store holds nothing in its name.
    void releasedAll() {
        releasedAll = true;
    }

    boolean hasReleasedAll() {
        return releasedAll;
    }

    /// Whose work it gives back before it is ready.
    List<DeadWorker> given() {
        return given;
    }

    void given(List<DeadWorker> dead) {
        given = dead;
    }

    String evidence() {
        return evidence;
    }

    void evidence(String path) {
        evidence = path;
    }

    /// How many looks in a row have shown this same beat, this look included.
    int look(long beat) {
        sameBeat = beat == seenBeat ? sameBeat + 1 : 0;
        seenBeat = beat;
        return sameBeat;
    }

    /// Asks the worker for a thread dump.
    ///
    /// @return completed with whether it was written
    CompletableFuture<Boolean> askDump(String path) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        if (connection == null) {
            answer.complete(false);
            return answer;
        }
        long request = nextDump++;
        dumps.put(request, answer);
        send(new Message.Dump(request, path));
        return answer;
    }

    void dumped(Message.Dumped dumped) {
        CompletableFuture<Boolean> waiting = dumps.remove(dumped.request());
        if (waiting != null) {
            waiting.complete(dumped.written());
        }
    }
}
