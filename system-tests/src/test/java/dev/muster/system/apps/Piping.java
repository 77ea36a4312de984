package dev.muster.system.apps;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.Muster;
import dev.muster.Pipe;
import dev.muster.PipeClosedException;
import dev.muster.PipeType;
import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.UserProcess;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/// Processes with pipes, and a `Holder` that opens their outer ends.
public final class Piping {
    private Piping() {}

    public static void main(String[] args) {
        Muster.run(Piping.class, args);
    }

    /// Answers what it reads.
    @UserProcess(name = "Echo", interval = 0, pipe = PipeType.DATAGRAM)
    public static final class Echo {
        public void run(ProcessContext process) {
            process.write(("echo " + new String(process.read(), UTF_8) + " of " + process.pid()).getBytes(UTF_8));
        }
    }

    /// Prints far more than any buffer holds, then answers the lines of its standard input.
    @UserProcess(name = "Loud", interval = 0, redirectStdio = true)
    public static final class Loud {
        private static final int MEGABYTE = 16;

        private boolean printed;

        public void run(ProcessContext process) throws IOException {
            if (!printed) {
                printed = true;
                shout(process, 20 * MEGABYTE, "to nobody");
            }
            InputStream in = System.in;
            String line = new String(in.readAllBytes(), UTF_8);
            if (line.equals("shout")) {
                shout(process, 200 * MEGABYTE, "to one who does not read");
                process.closeWrite();
            } else if (!line.isEmpty()) {
                System.out.print("heard " + line);
                process.closeWrite();
            }
        }

        private static void shout(ProcessContext process, int pieces, String towards) throws IOException {
            byte[] piece = new byte[64 << 10];
            Arrays.fill(piece, (byte) '.');
            piece[piece.length - 1] = '\n';
            for (int i = 0; i < pieces && !process.stopping(); i++) {
                System.out.write(piece);
            }
            Ledger.note("loud", towards);
        }
    }

    /// Talks with one after the other, in the order in which a test says so.
    @UserProcess(name = "Holder", interval = 20)
    public static final class Holder {
        private int turn;

        public void run(Server server) throws InterruptedException {
            if (!Ledger.told("turn" + turn)) {
                return;
            }
            switch (turn++) {
                case 0 -> talk(server);
                case 1 -> stand(server);
                case 2 -> sit(server);
                default -> throw new IllegalStateException("no such turn");
            }
            Ledger.note("turns", Integer.toString(turn));
        }

        private static int slot(Server server, String name) {
            return server.stats().slots().stream()
                    .filter(line -> line.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .slot();
        }

        /// Until the other end has died, and with its heir once more.
        private static void talk(Server server) throws InterruptedException {
            int echo = slot(server, "Echo");
            try (Pipe pipe = server.pipe(echo)) {
                pipe.write("one");
                Ledger.note("said", new String(pipe.read(), UTF_8));
                while (!Ledger.told("killed")) {
                    Thread.sleep(10);
                }
                try {
                    Optional<byte[]> more = pipe.read(Duration.ofSeconds(10));
                    Ledger.note("said", "more " + more.isPresent());
                } catch (PipeClosedException e) {
                    Ledger.note("said", "closed");
                }
            }
            while (!Ledger.told("replaced")) {
                Thread.sleep(10);
            }
            try (Pipe pipe = server.pipe(echo)) {
                pipe.write("two");
                Ledger.note("said", new String(pipe.read(), UTF_8));
            }
        }

        /// Holds the pipe of the loud one and does not read until it has printed everything.
        private static void sit(Server server) throws InterruptedException {
            try (Pipe pipe = server.pipe(slot(server, "Loud"))) {
                pipe.write("shout");
                pipe.closeWrite();
                while (!Ledger.told("shouted")) {
                    Thread.sleep(10);
                }
                long read = 0;
                try {
                    while (true) {
                        read += pipe.read().length;
                    }
                } catch (PipeClosedException e) {
                    Ledger.note("said", "read " + read);
                }
            }
        }

        /// With the standard streams of the loud one.
        private static void stand(Server server) {
            try (Pipe pipe = server.pipe(slot(server, "Loud"))) {
                pipe.write("a line");
                pipe.closeWrite();
                StringBuilder all = new StringBuilder();
                try {
                    while (true) {
                        all.append(new String(pipe.read(), UTF_8));
                    }
                } catch (PipeClosedException e) {
                    Ledger.note("said", all.toString());
                }
            }
        }
    }
}
