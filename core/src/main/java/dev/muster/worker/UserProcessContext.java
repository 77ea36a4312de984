package dev.muster.worker;

import dev.muster.ExitReason;
import dev.muster.PipeClosedException;
import dev.muster.ProcessContext;
import dev.muster.board.BoardSlot;
import dev.muster.message.Post;
import dev.muster.message.ProcessPipe;
import dev.muster.message.Utf8;
import dev.muster.os.Affinity;
import dev.muster.os.Priority;
import dev.muster.os.ProcessTitle;
import dev.muster.os.Signals;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A user process as its own code sees it.
///
/// **Threads:** safe for use by many threads. **Lifetime:** that of the process.
sealed class UserProcessContext implements ProcessContext permits InlineContext {
    private static final int NO_MARK = -1;

    private final Duty duty;
    private final long limitNanos;
    private final BoardSlot slot;
    private final StopRequest stop;
    private final WayOut departure;
    private final RunPermit permit;
    private final Post post;
    private final Object marking = new Object();
    private int mark = NO_MARK;
    private volatile Runnable printed = () -> {};

    /// @param limitNanos of one run, 0 for none
    UserProcessContext(
            Duty duty,
            long limitNanos,
            BoardSlot slot,
            StopRequest stop,
            WayOut departure,
            RunPermit permit,
            Post post) {
        this.duty = duty;
        this.limitNanos = limitNanos;
        this.slot = slot;
        this.stop = stop;
        this.departure = departure;
        this.permit = permit;
        this.post = post;
        ProcessPipe pipe = post.pipe();
        if (pipe != null) {
            stop.onStop(pipe::wake);
        }
    }

    /// Before this process writes to its pipe, what it has printed to the same pipe goes out.
    ///
    /// @param drain waits for that, for a moment at most
    void printedFirst(Runnable drain) {
        printed = drain;
    }

    long limitNanos() {
        return limitNanos;
    }

    /// A run has begun under this mark.
    void running(int newMark) {
        synchronized (marking) {
            mark = newMark;
        }
    }

    /// The run is over. A heartbeat that a thread of the run sends afterwards has no effect.
    void idle() {
        synchronized (marking) {
            mark = NO_MARK;
        }
    }

    @Override
    public int id() {
        return duty.slot();
    }

    @Override
    public String name() {
        return duty.name();
    }

    @Override
    public long pid() {
        return ProcessHandle.current().pid();
    }

    @Override
    public void onSignal(String signal, Runnable action) {
        String plain = signal.toUpperCase(Locale.ROOT);
        plain = plain.startsWith("SIG") ? plain.substring(3) : plain;
        switch (plain) {
            case "TERM" ->
                Signals.handle(plain, () -> {
                    attempt("TERM", action);
                    stop.signal();
                });
            case "INT", "HUP", "USR1", "ALRM", "CONT", "URG", "WINCH", "TTIN", "TTOU", "PWR" -> {
                String known = plain;
                Signals.handle(known, () -> attempt(known, action));
            }
            default -> throw refused(signal);
        }
    }

    static IllegalArgumentException refused(String signal) {
        return new IllegalArgumentException("cannot handle the signal " + signal
                + ": the virtual machine or the kernel keeps it for itself, or it does not exist;"
                + " use TERM, INT, HUP, USR1, ALRM, CONT, URG, WINCH, TTIN, TTOU or PWR");
    }

    @Override
    public void write(byte[] data) {
        ProcessPipe pipe = pipe("write");
        printed.run();
        if (!pipe.write(data)) {
            post.sendToListener(data);
        }
    }

    @Override
    public void write(String text) {
        write(Utf8.bytes(text));
    }

    @Override
    public byte[] read() {
        byte[] data = read(Long.MAX_VALUE);
        if (data == null) {
            throw new PipeClosedException(
                    "nothing is read from the pipe of " + name() + " any more: the process was asked to stop");
        }
        return data;
    }

    @Override
    public Optional<byte[]> read(Duration wait) {
        return Optional.ofNullable(read(Post.nanos(wait)));
    }

    /// @return null if nothing came in time, or a stop was asked for
    /// @throws PipeClosedException if the holder writes no more
    private byte @Nullable [] read(long nanos) {
        ProcessPipe pipe = pipe("read");
        AtomicBoolean ended = new AtomicBoolean();
        byte[] data = pipe.read(nanos, () -> {
            if (pipe.takeInputEnd()) {
                ended.set(true);
            }
            return ended.get() || stop.asked();
        });
        if (ended.get()) {
            throw new PipeClosedException("nothing more comes over the pipe of " + name()
                    + ": its holder has called closeWrite(); read on for messages, and for the next holder");
        }
        return data;
    }

    @Override
    public void closeWrite() {
        ProcessPipe pipe = pipe("closeWrite");
        printed.run();
        pipe.closeWrite();
    }

    private ProcessPipe pipe(String call) {
        ProcessPipe pipe = post.pipe();
        if (pipe == null) {
            throw new IllegalStateException("cannot " + call + ": " + name()
                    + " has no pipe; declare @UserProcess(pipe = PipeType.DATAGRAM), or STREAM");
        }
        return pipe;
    }

    @Override
    public boolean stopping() {
        return stop.asked();
    }

    @Override
    public boolean sleep(Duration duration) throws InterruptedException {
        return stop.sleep(duration);
    }

    @Override
    public long leaseToken() {
        return permit.token();
    }

    @Override
    public void heartbeat() {
        synchronized (marking) {
            if (mark != NO_MARK && limitNanos != 0) {
                slot.extend(mark, limitNanos);
            }
        }
    }

    @Override
    public void title(String title) {
        boolean _ = ProcessTitle.set(title);
    }

    @Override
    public void affinity(int... cpus) {
        int present = Affinity.online();
        for (int cpu : cpus) {
            // The kernel ignores those that it does not have, as long as it has one of them.
            if (cpu < 0 || cpu >= present) {
                throw new IllegalArgumentException("cannot bind " + name() + " to processor " + cpu
                        + ": this machine has the processors 0 to " + (present - 1));
            }
        }
        Affinity.set(cpus);
    }

    @Override
    public void priority(int nice) {
        Priority.set(nice);
    }

    @Override
    public void exit(int code) {
        if (code < 0 || code > 255) {
            throw new IllegalArgumentException("cannot exit with code " + code + ": a process has the codes 0 to 255");
        }
        departure.leave(
                code == 0 ? ExitReason.CLEAN : ExitReason.ERROR, "ProcessContext.exit(" + code + ")", false, code);
    }

    static void attempt(String signal, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            System.getLogger("dev.muster.worker")
                    .log(Level.ERROR, "the action for the signal " + signal + " failed", e);
        }
    }
}
