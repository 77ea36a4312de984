package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.ServerEvents;
import dev.muster.ServerListener;
import dev.muster.UserProcess;
import dev.muster.WebMessage;
import dev.muster.WebRequest;
import dev.muster.WebResponse;

/// Web workers that write down what they were asked, and a user process that pushes what a test tells it to.
public final class Serving {
    private Serving() {}

    public static void main(String[] args) {
        Muster.run(Serving.class, args);
    }

    /// Answers by path.
    @ServerEvents
    public static final class Pages implements ServerListener {
        /// Fails if a test has said that this code is broken.
        public Pages() {
            if (Ledger.told("broken")) {
                throw new IllegalStateException("the new code is broken");
            }
        }

        @Override
        public void onRequest(Server server, WebRequest request, WebResponse response) throws Exception {
            switch (request.path()) {
                case "/note" -> Ledger.note("ids", request.text());
                case "/hang" -> {
                    Ledger.note("held", "hang");
                    while (true) {
                        Thread.onSpinWait();
                    }
                }
                case "/hold" -> {
                    Ledger.note("held", request.query());
                    while (!Ledger.told("release")) {
                        Thread.sleep(10);
                    }
                }
                default -> {}
            }
            response.end(ProcessHandle.current().pid() + " " + request.text());
        }

        @Override
        public void onOpen(Server server, WebRequest request) {
            request.parameter("user").ifPresent(user -> server.bind(request.connectionId(), user));
            Ledger.note("events", "open " + request.connectionId());
        }

        @Override
        public void onMessage(Server server, WebMessage message) {
            server.push(message.connectionId(), "echo " + message.text());
        }

        @Override
        public void onClose(Server server, long connectionId) {
            Ledger.note("events", "close " + connectionId);
        }
    }

    /// Pushes a number to all, and one to the user `ada`, again and again.
    @UserProcess(name = "Pusher", interval = 50)
    public static final class Pusher {
        private int number;

        public void run(Server server, ProcessContext process) {
            number++;
            server.broadcast("all " + number);
            for (long id : server.connectionsOf("ada")) {
                if (server.isEstablished(id)) {
                    server.push(id, "ada " + number);
                }
            }
        }
    }
}
