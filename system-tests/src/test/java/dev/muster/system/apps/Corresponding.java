package dev.muster.system.apps;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.MessageException;
import dev.muster.Muster;
import dev.muster.PipeMessage;
import dev.muster.PipeType;
import dev.muster.Pool;
import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.ServerEvents;
import dev.muster.ServerListener;
import dev.muster.ServerTask;
import dev.muster.ServerTaskResult;
import dev.muster.UserProcess;
import dev.muster.WorkerPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Processes of each role that do what messages tell them; a test gives the first words to the `Driver`, as lines of
/// the file `orders`.
///
/// An order is `note TEXT`, `send SLOT ORDER`, `big BYTES SLOT`, `task ORDER`, `wait MILLIS ORDER`, `hold`, `spin`,
/// `throw TEXT`, `write TEXT`. What came of it stands in ledgers.
public final class Corresponding {
    private Corresponding() {}

    public static void main(String[] args) {
        Muster.run(Corresponding.class, args);
    }

    /// Does what an order says.
    static byte[] obey(Server server, int source, String order) {
        String[] words = order.split(" ", 2);
        String rest = words.length > 1 ? words[1] : "";
        int who = server.workerId();
        switch (words[0]) {
            case "note" -> Ledger.note("got", rest + " from " + source + " in " + who);
            case "send" -> {
                String[] to = rest.split(" ", 2);
                attempt("send", () -> server.sendMessage(to[1], Integer.parseInt(to[0])));
            }
            case "big" -> {
                String[] to = rest.split(" ", 2);
                byte[] big = new byte[Integer.parseInt(to[0])];
                Arrays.fill(big, (byte) 'x');
                attempt("big", () -> server.sendMessage(big, Integer.parseInt(to[1])));
            }
            case "task" -> attempt("task", () -> Ledger.note("tasks", "accepted " + server.task(rest)));
            case "wait" -> {
                String[] what = rest.split(" ", 2);
                attempt(
                        "wait",
                        () -> Ledger.note(
                                "tasks",
                                "result "
                                        + new String(
                                                server.taskWait(
                                                        what[1].getBytes(UTF_8),
                                                        Duration.ofMillis(Long.parseLong(what[0]))),
                                                UTF_8)));
            }
            case "hold" -> {
                Ledger.note("holding", Integer.toString(who));
                while (!Ledger.told("release")) {
                    LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
                }
            }
            case "spin" -> {
                Ledger.note("holding", Integer.toString(who));
                while (!Thread.currentThread().getName().isEmpty()) {
                    Thread.onSpinWait();
                }
            }
            case "throw" -> throw new IllegalArgumentException(rest);
            default -> Ledger.note("got", order.length() + " bytes from " + source + " in " + who);
        }
        return ("done " + order + " in " + who).getBytes(UTF_8);
    }

    private static void attempt(String what, Runnable action) {
        long start = System.nanoTime();
        String outcome = "ok";
        try {
            action.run();
        } catch (MessageException e) {
            outcome = e.reason() + " " + e.mayBeReceived() + " " + e.getMessage();
        } catch (RuntimeException e) {
            outcome = e.getClass().getSimpleName() + " " + e.getMessage();
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        Ledger.note("outcomes", what + " " + millis + " " + outcome);
    }

    /// In task workers and pool workers.
    @ServerEvents
    public static final class Ears implements ServerListener {
        @Override
        public void onPipeMessage(Server server, PipeMessage message) {
            byte[] _ = obey(server, message.source(), message.text());
        }

        @Override
        public byte[] onTask(Server server, ServerTask task) {
            return obey(server, task.source(), task.text());
        }

        @Override
        public void onFinish(Server server, ServerTaskResult result) {
            String how = result.succeeded() ? result.text() : "failed: " + result.failure();
            Ledger.note("finished", result.id() + " " + how + " | told in " + server.workerId());
        }
    }

    /// Waits for its end.
    @Pool(name = "Hands", heartbeat = 60_000)
    public static final class Hands extends WorkerPool {}

    /// Does what it reads.
    @UserProcess(name = "Box", interval = 0, pipe = PipeType.DATAGRAM)
    public static final class Box {
        public void run(Server server, ProcessContext process) {
            String order = new String(process.read(), UTF_8);
            if (order.startsWith("write ")) {
                process.write(order.substring("write ".length()));
            } else {
                // The source of what comes over the pipe of a process is not told.
                byte[] _ = obey(server, -1, order);
            }
        }
    }

    /// Has no pipe.
    @UserProcess(name = "Deaf", interval = 3_600_000)
    public static final class Deaf {
        public void run() {}
    }

    /// Takes orders from the file.
    @UserProcess(name = "Driver", interval = 10)
    public static final class Driver {
        private int done;

        public void run(Server server) throws IOException {
            Path file = Path.of("orders");
            List<String> orders = Files.exists(file) ? Files.readAllLines(file) : List.of();
            while (done < orders.size()) {
                byte[] _ = obey(server, -1, orders.get(done++));
                Ledger.note("driven", Integer.toString(done));
            }
        }
    }
}
