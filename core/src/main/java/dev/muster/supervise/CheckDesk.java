package dev.muster.supervise;

import dev.muster.control.ControlServer.Connection;
import dev.muster.control.Message;
import dev.muster.os.ExitStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Has the code and the configuration, as they are on the disk now, checked by a process of its own, so that the master
/// loads nothing of the application again and what is wrong with it harms nobody.
///
/// **Threads:** belongs to the master's loop. **Failure:** a check that says nothing, or hangs, is a failed check.
final class CheckDesk {
    /// How long a check may take.
    static final long LIMIT = 60_000_000_000L;

    /// Told once how a check has ended.
    interface Result {
        void checked(Message.Checked found);
    }

    private record Check(String token, long until, Result result) {}

    private final MasterLoop loop;
    private final Spawning spawning;
    private final Reaper reaper;
    private final Map<Integer, Check> running = new HashMap<>();
    private final Map<Integer, Long> pids = new HashMap<>();
    private int last;

    CheckDesk(MasterLoop loop, Spawning spawning, Reaper reaper) {
        this.loop = loop;
        this.spawning = spawning;
        this.reaper = reaper;
    }

    /// Starts a check. Its number is that of a process that is none of the application's: negative.
    void check(String classPath, Result result) {
        int number = --last;
        String token = Tokens.next();
        running.put(number, new Check(token, System.nanoTime() + LIMIT, result));
        spawning.check(classPath, number, token);
        loop.await(state -> !running.containsKey(number) || stopping(state), LIMIT, _ -> {
            if (running.containsKey(number)) {
                Long pid = pids.get(number);
                if (pid != null) {
                    reaper.kill(pid);
                }
                failed(
                        number,
                        stopping(loop.state())
                                ? "the application is being stopped"
                                : "the check of the new code did not end within " + LIMIT / 1_000_000_000 + " s");
            }
        });
    }

    private static boolean stopping(SupervisorState state) {
        return state.phase() != SupervisorState.Phase.RUNNING;
    }

    void spawned(int number, long pid) {
        pids.put(number, pid);
        if (!running.containsKey(number)) {
            reaper.kill(pid);
        }
    }

    void spawnFailed(int number, String error) {
        failed(number, "the process that checks the new code could not be started: " + error);
    }

    /// What the process has found.
    void checked(Connection connection, Message.Checked found) {
        for (Map.Entry<Integer, Check> check : running.entrySet()) {
            if (check.getValue().token().equals(found.token())) {
                Check done = check.getValue();
                running.remove(check.getKey());
                connection.close();
                done.result().checked(found);
                return;
            }
        }
        connection.close();
    }

    /// The process has ended; if it has said nothing, that is all there is to say.
    void ended(int number, ExitStatus status, String lastWords) {
        pids.remove(number);
        String how = status.signaled() ? "was ended by signal " + status.signal() : "ended with " + status.code();
        failed(
                number,
                "the process that checks the new code " + how + " and found nothing out"
                        + (lastWords.isEmpty() ? "" : ":\n" + lastWords));
    }

    private void failed(int number, String why) {
        Check check = running.remove(number);
        if (check != null) {
            check.result()
                    .checked(new Message.Checked(
                            check.token(), why, Map.of(), List.of(), List.of(), List.of(), List.of(), List.of()));
        }
    }
}
