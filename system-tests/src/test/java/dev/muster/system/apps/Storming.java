package dev.muster.system.apps;

import dev.muster.MessageException;
import dev.muster.MessageException.Reason;
import dev.muster.Muster;
import dev.muster.PipeMessage;
import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.ServerEvents;
import dev.muster.ServerListener;
import dev.muster.ServerStats.SlotStats;
import dev.muster.UserProcess;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/// Two senders that stamp messages of all sizes to the task workers, which write down what they see. Everything is kept
/// in files that are appended to, a line for each message.
public final class Storming {
    private static final int HEAD = 2 * Integer.BYTES + Long.BYTES;
    private static final int[] SIZES = {0, 10, 1_000, 20_000};

    private Storming() {}

    public static void main(String[] args) {
        Muster.run(Storming.class, args);
    }

    private static void line(FileOutputStream file, String line) {
        try {
            file.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileOutputStream file(String name) {
        try {
            return new FileOutputStream(name, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A message: who sends it, its number, the checksum of what follows.
    static byte[] stamp(int sender, long number) {
        byte[] body = new byte[SIZES[(int) (number % SIZES.length)]];
        Arrays.fill(body, (byte) number);
        CRC32 crc = new CRC32();
        crc.update(body);
        return ByteBuffer.allocate(HEAD + body.length)
                .putInt(sender)
                .putInt((int) crc.getValue())
                .putLong(number)
                .put(body)
                .array();
    }

    /// Writes down what it sees: receiving slot, sender, number, and whether it is whole.
    @ServerEvents
    public static final class Eyes implements ServerListener {
        private final FileOutputStream seen =
                file("seen-" + ProcessHandle.current().pid());

        @Override
        public void onPipeMessage(Server server, PipeMessage message) {
            ByteBuffer in = ByteBuffer.wrap(message.data());
            int sender = in.getInt();
            int checksum = in.getInt();
            long number = in.getLong();
            CRC32 crc = new CRC32();
            crc.update(in);
            boolean whole = (int) crc.getValue() == checksum && sender == message.source();
            line(seen, server.workerId() + " " + sender + " " + number + " " + (whole ? "whole" : "torn"));
        }
    }

    /// Sends until a test says `enough`, and writes down what became of each: receiving slot, number, outcome.
    @UserProcess(name = "Sender", interval = 1, instances = 2)
    public static final class Sender {
        private final FileOutputStream sent =
                file("sent-" + ProcessHandle.current().pid());
        private List<Integer> workers = List.of();
        private long number;

        public void run(Server server, ProcessContext process) {
            if (workers.isEmpty()) {
                workers = server.stats().slots().stream()
                        .filter(slot -> slot.name().startsWith("task#"))
                        .map(SlotStats::slot)
                        .toList();
            }
            for (int i = 0; i < 50 && !Ledger.told("enough"); i++) {
                int to = workers.get((int) (number % workers.size()));
                send(server, to, number++);
            }
            if (Ledger.told("enough") && Ledger.isNew("ended-" + process.pid())) {
                Ledger.note("ended-" + process.pid(), Long.toString(number));
            }
        }

        private void send(Server server, int to, long what) {
            String outcome = "accepted";
            try {
                server.sendMessage(stamp(server.workerId(), what), to);
            } catch (MessageException e) {
                boolean known = e.reason() != Reason.TOO_LARGE;
                outcome = !known ? "wrong" : e.mayBeReceived() ? "perhaps" : "refused";
            }
            line(sent, to + " " + server.workerId() + " " + what + " " + outcome);
        }
    }
}
