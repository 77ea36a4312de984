package dev.muster.supervise;

import dev.muster.board.BoardSlot;
import dev.muster.control.ControlServer.Connection;
import dev.muster.control.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A worker as the master sees it: what belongs to the present process of a slot, beside what the decisions need.
///
/// **Threads:** belongs to the master's loop. **Lifetime:** as long as the slot; [#expect] begins a new process.
final class WorkerHandle {
    private final Roster.Place place;
    private final BoardSlot board;
    private final Map<Long, CompletableFuture<Boolean>> dumps = new HashMap<>();
    private int life;
    private long pid;
    private String token = "";
    private @Nullable Connection connection;
    private String evidence = "";
    private long nextDump = 1;
    private long seenBeat = -1;
    private int sameBeat;

    WorkerHandle(Roster.Place place, BoardSlot board) {
        this.place = place;
        this.board = board;
    }

    /// Forgets the process before, and waits for one with this token.
    void expect(int newLife, String newToken) {
        life = newLife;
        pid = 0;
        token = newToken;
        connection = null;
        evidence = "";
        seenBeat = -1;
        sameBeat = 0;
        dumps.clear();
        board.reset(newLife);
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

    Roster.Place place() {
        return place;
    }

    int slot() {
        return place.spec().slot();
    }

    BoardSlot board() {
        return board;
    }

    int life() {
        return life;
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
