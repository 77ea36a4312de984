package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.os.NativeException;
import dev.muster.os.ProcFs;
import dev.muster.os.ProcStat;
import dev.muster.os.Signals;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes down what a process does before it is killed, or when somebody asks: first what the system knows, which needs
/// nothing of the process, then its thread dumps if it still answers, then its last log lines. One text file each,
/// `NAME-LIFE-INSTANT.txt`, for its owner's eyes only, with the dump that has virtual threads beside it (`.json`).
///
/// **Threads:** any, several at a time; the calls block up to the budget of the request and a little longer for the
/// disk. **Lifetime:** none. **Failure:** it never throws. A process that does not answer costs the budget, a full disk
/// costs the rest of the file. The directory keeps the newest 50 of these files and no more than 64 MiB of them.
final class EvidenceTaker {
    static final int LOG_LINES = 200;
    /// What is left of a patient budget for the attach socket when nothing was printed.
    private static final long LEAST_ATTACH_NANOS = 1_000_000_000L;

    private static final Duration PRINTING = Duration.ofMillis(700);
    private static final Pattern HEAD = Pattern.compile("^\\d{4}-\\d{2}-\\d{2}T\\S+Z ");
    private static final Duration REST_OF_DUMP = Duration.ofMillis(50);
    private static final String CAUGHT = "SigCgt:";

    /// @param file where it is written; null if not even a file could be made
    /// @param answered whether the process gave a thread dump itself
    /// @param problem why it did not, a sentence; else empty
    record Taken(@Nullable Path file, boolean answered, String problem) {}

    /// @return where it is written; null if not even a file could be made
    @Nullable
    Path take(EvidenceRequest request) {
        return dump(request).file;
    }

    /// The same for somebody who asked for it, and wants to know whether the process answered.
    Taken dump(EvidenceRequest request) {
        String snapshot = snapshot(request.pid());
        Dumps dumps = request.dumps();
        Path file = dumps.create(request.name(), request.life());
        dumps.append(
                file,
                "what   " + request.name() + " (slot " + request.slot() + ", life " + request.life() + ", pid "
                        + request.pid() + ")\nwhen   " + Dumps.now() + "\nwhy    " + request.why() + "\n\n" + snapshot);
        // The budget is for the process's answer; what the master does itself is not to be taken from it.
        long deadline = System.nanoTime() + request.budget().toNanos();
        String problem = mute(request);
        boolean answered = problem.isEmpty() && answers(request, file, snapshot, deadline);
        if (!answered && problem.isEmpty()) {
            problem = "it did not answer within " + request.budget().toMillis() + " ms";
        }
        StringBuilder rest = new StringBuilder(answered ? "" : "\nno thread dump: " + problem + "\n");
        rest.append("\nlast lines of its log\n");
        for (String line : of(request.pid(), request.pump().tail(request.slot(), LOG_LINES))) {
            rest.append(line).append('\n');
        }
        dumps.append(file, rest.toString());
        dumps.prune(file);
        return new Taken(file, answered, problem);
    }

    /// Why it is not even asked; empty if it is.
    private static String mute(EvidenceRequest request) {
        Optional<ProcStat> stat = ProcFs.stat(request.pid());
        if (stat.isEmpty() || stat.get().zombie()) {
            return "the process has ended";
        }
        if (stat.get().ppid() != ProcessHandle.current().pid()) {
            return "process " + request.pid() + " is not a child of this master";
        }
        char state = stat.get().state();
        if (request.halted() || state == 'T' || state == 't') {
            return "the process is stopped (state " + state + ") and cannot answer";
        }
        return request.spoken() ? "" : "the process has not said hello yet";
    }

    /// The process is asked in both ways at the same time: the printed dump comes from a machine whose own threads
    /// cannot run any more, the other one shows virtual threads.
    private static boolean answers(EvidenceRequest request, @Nullable Path file, String snapshot, long deadline) {
        boolean printing = catchesQuit(snapshot);
        CompletableFuture<String> printed = printing ? print(request) : CompletableFuture.completedFuture("");
        Path json = file == null ? null : Dumps.beside(file);
        CompletableFuture<Boolean> written =
                json == null ? CompletableFuture.completedFuture(false) : ask(request, json);
        boolean patient = deadline - System.nanoTime() >= PRINTING.toNanos() + LEAST_ATTACH_NANOS;
        String text = await(printed, "", patient ? System.nanoTime() + PRINTING.toNanos() : deadline);
        boolean whole = printed.isDone();
        if (!whole) {
            request.pump().cancelCapture(request.slot(), request.life());
            text = await(printed, "", System.nanoTime() + REST_OF_DUMP.toNanos());
        }
        if (text.isEmpty() && patient && printing) {
            text = RawAttach.threadDump(request.pid(), deadline);
            whole = true;
        }
        Dumps dumps = request.dumps();
        dumps.append(
                file,
                text.isEmpty()
                        ? ""
                        : "\nthread dump" + (whole ? "" : ", cut off when the time was over") + "\n" + text);
        boolean complete = await(written, false, deadline);
        if (complete && json != null) {
            boolean cut = dumps.adopt(json);
            dumps.append(
                    file, "\nthread dump with virtual threads" + (cut ? ", cut for its length: " : ": ") + json + "\n");
        }
        return complete || !text.isEmpty();
    }

    /// Lets the virtual machine print a dump, where a signal can ask for one.
    private static CompletableFuture<String> print(EvidenceRequest request) {
        if (!Signals.canSend(Signals.QUIT)) {
            return CompletableFuture.completedFuture("");
        }
        CompletableFuture<String> printed = request.pump().captureDump(request.slot(), request.life());
        try {
            if (!Signals.send(request.pid(), Signals.QUIT)) {
                request.pump().cancelCapture(request.slot(), request.life());
            }
        } catch (NativeException _) {
            request.pump().cancelCapture(request.slot(), request.life());
        }
        return printed;
    }

    /// A virtual machine that just begins, or runs with `-Xrs`, has no handler for SIGQUIT and would die of it.
    private static boolean catchesQuit(String snapshot) {
        int at = snapshot.indexOf(CAUGHT);
        if (at < 0) {
            return false;
        }
        int end = snapshot.indexOf('\n', at);
        String mask = snapshot.substring(at + CAUGHT.length(), end < 0 ? snapshot.length() : end)
                .strip();
        try {
            return (Long.parseUnsignedLong(mask, 16) >>> Signals.QUIT - 1 & 1) != 0;
        } catch (NumberFormatException _) {
            return false;
        }
    }

    private static CompletableFuture<Boolean> ask(EvidenceRequest request, Path json) {
        try {
            return request.asker().ask(json.toAbsolutePath());
        } catch (RuntimeException _) {
            return CompletableFuture.completedFuture(false);
        }
    }

    private static <T> T await(CompletableFuture<T> answer, T none, long deadline) {
        try {
            return answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException | CancellationException _) {
            return none;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return none;
        }
    }

    private static String snapshot(long pid) {
        try {
            return ProcFs.evidence(pid);
        } catch (RuntimeException e) {
            return "process " + pid + " could not be looked at: " + e + "\n";
        }
    }

    /// The lines of one process among those of its slot. A line that does not begin with an instant goes with the
    /// one above it: it is of the same record.
    static List<String> of(long pid, List<String> lines) {
        String tag = "[" + pid + "] ";
        List<String> own = new ArrayList<>();
        boolean mine = false;
        for (String line : lines) {
            if (HEAD.matcher(line).find()) {
                int blank = line.indexOf(' ', line.indexOf(' ') + 1);
                int end = line.indexOf("] ", Math.max(0, blank));
                mine = end >= 0 && line.startsWith(tag, end + 2 - tag.length());
            }
            if (mine) {
                own.add(line);
            }
        }
        return own;
    }

    /// A thread dump while it is being printed: from its first line, and the instant above it, to the end of the
    /// heap's figures, a report of deadlocks included.
    ///
    /// **Threads:** that of the pump; the result is for any. **Lifetime:** one dump.
    static final class DumpText {
        static final int LONGEST = 4 << 20;
        private static final byte[] BEGINS = "Full thread dump ".getBytes(US_ASCII);
        private static final byte[] HEAP = "Heap".getBytes(US_ASCII);
        private static final int INSTANT = "2026-11-23 12:00:00".length();

        final CompletableFuture<String> result = new CompletableFuture<>();
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private @Nullable Object pipe;
        private boolean heap;
        private boolean complete;

        /// @param from where the line was printed
        /// @param above the line above it, if that one was held back for this one
        /// @return true if it belongs to the dump
        boolean takes(Object from, byte @Nullable [] above, byte[] line, int at, int length) {
            if (pipe == null && startsWith(line, at, length, BEGINS)) {
                pipe = from;
                if (above != null) {
                    add(above, 0, above.length);
                }
            }
            if (!Objects.equals(pipe, from)) {
                return false;
            }
            add(line, at, length);
            complete = heap && length == 0;
            heap |= length == HEAP.length && startsWith(line, at, length, HEAP);
            return true;
        }

        /// Whether this line can be the instant above a dump.
        boolean mayBegin(byte[] line, int at, int length) {
            return pipe == null
                    && length == INSTANT
                    && line[at + 4] == '-'
                    && line[at + 10] == ' '
                    && line[at + 13] == ':';
        }

        boolean complete() {
            return complete;
        }

        void end() {
            boolean _ = result.complete(text.toString(UTF_8));
        }

        private void add(byte[] line, int at, int length) {
            if (text.size() + length < LONGEST) {
                text.write(line, at, length);
                text.write('\n');
            }
        }

        static boolean startsWith(byte[] line, int at, int length, byte[] beginning) {
            return length >= beginning.length
                    && Arrays.equals(line, at, at + beginning.length, beginning, 0, beginning.length);
        }
    }

    /// The last lines of a slot's log, at most 200 and 128 KiB; less where there are many slots, so that all
    /// together stay within 4 MiB. **Threads:** any.
    static final class LastLines {
        static final int MOST = 200;
        static final int LONGEST = 2 << 10;
        private static final int LARGEST = 128 << 10;
        private static final int SMALLEST = 4 << 10;
        private static final int ALL = 4 << 20;

        private final IntSupplier slots;
        private byte[] ring = new byte[1 << 10];
        private long end;

        /// @param slots how many there are
        LastLines(IntSupplier slots) {
            this.slots = slots;
        }

        synchronized void add(byte[] line, int at, int length) {
            int kept = Math.min(length, LONGEST);
            int room = Integer.highestOneBit(Math.clamp(ALL / Math.max(1, slots.getAsInt()), SMALLEST, LARGEST));
            if (ring.length > room) {
                shrink(room);
            }
            while (ring.length < room && end + kept + 1 > ring.length) {
                ring = Arrays.copyOf(ring, 2 * ring.length);
            }
            int start = (int) (end % ring.length);
            int upToTheEdge = Math.min(kept, ring.length - start);
            System.arraycopy(line, at, ring, start, upToTheEdge);
            System.arraycopy(line, at + upToTheEdge, ring, 0, kept - upToTheEdge);
            ring[(start + kept) % ring.length] = '\n';
            end += kept + 1L;
        }

        /// Keeps the newest bytes, where a ring of this size has them.
        private void shrink(int room) {
            byte[] smaller = new byte[room];
            for (long at = Math.max(0, end - room); at < end; at++) {
                smaller[(int) (at % room)] = ring[(int) (at % ring.length)];
            }
            ring = smaller;
        }

        /// @param most 200 at most
        synchronized List<String> text(int most) {
            ArrayDeque<String> lines = new ArrayDeque<>();
            long oldest = Math.max(0, end - ring.length);
            long lineEnd = end - 1;
            for (long at = lineEnd - 1; at >= oldest - 1 && lines.size() < Math.min(most, MOST); at--) {
                boolean begins = at == -1 || at >= oldest && ring[(int) (at % ring.length)] == '\n';
                if (begins) {
                    byte[] line = new byte[(int) (lineEnd - at - 1)];
                    for (int i = 0; i < line.length; i++) {
                        line[i] = ring[(int) ((at + 1 + i) % ring.length)];
                    }
                    lines.addFirst(new String(line, UTF_8));
                    lineEnd = at;
                }
            }
            return List.copyOf(lines);
        }
    }
}
