package dev.muster.system.apps;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.Muster;
import dev.muster.Pipe;
import dev.muster.PipeMessage;
import dev.muster.PipeType;
import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.ServerEvents;
import dev.muster.ServerListener;
import dev.muster.ServerStats.SlotStats;
import dev.muster.ServerTask;
import dev.muster.ServerTaskResult;
import dev.muster.UserProcess;
import java.time.Duration;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Messages, immediate tasks and a pipe between the slots of one JVM, which a test can look into.
public final class Chatting {
    /// What happened.
    public static final Queue<String> EVENTS = new ConcurrentLinkedQueue<>();

    private Chatting() {}

    public static void main(String[] args) {
        Muster.run(Chatting.class, args);
    }

    /// In the task worker, and for ends in the talker.
    @ServerEvents
    public static final class Ears implements ServerListener {
        @Override
        public void onPipeMessage(Server server, PipeMessage message) {
            EVENTS.add("message " + message.text());
        }

        @Override
        public byte[] onTask(Server server, ServerTask task) {
            return task.text().toUpperCase(Locale.ROOT).getBytes(UTF_8);
        }

        @Override
        public void onFinish(Server server, ServerTaskResult result) {
            EVENTS.add("finished " + result.text());
        }
    }

    /// Answers what it reads.
    @UserProcess(name = "Echo", interval = 0, pipe = PipeType.DATAGRAM)
    public static final class Echo {
        public void run(ProcessContext process) {
            process.write("echo " + new String(process.read(), UTF_8));
        }
    }

    /// Talks with all of them, once.
    @UserProcess(name = "Talker", interval = 3_600_000)
    public static final class Talker {
        public void run(Server server) {
            server.sendMessage("hello", slot(server, "task"));
            // Nobody holds its pipe: the answer comes to the listener.
            server.sendMessage("anybody", slot(server, "Echo"));
            long _ = server.task("later");
            byte[] now = server.taskWait("now".getBytes(UTF_8), Duration.ofSeconds(20));
            EVENTS.add("result " + new String(now, UTF_8));
            try (Pipe pipe = server.pipe(slot(server, "Echo"))) {
                pipe.write("over the pipe");
                EVENTS.add("read " + new String(pipe.read(), UTF_8));
            }
        }

        private static int slot(Server server, String name) {
            return server.stats().slots().stream()
                    .filter(line -> line.name().equals(name))
                    .mapToInt(SlotStats::slot)
                    .findFirst()
                    .orElseThrow();
        }
    }
}
