package dev.muster.inline;

import dev.muster.Health;
import dev.muster.InstanceFactory;
import dev.muster.ServerStats;
import dev.muster.config.Settings;
import dev.muster.control.CommandPort;
import dev.muster.control.ExitCode;
import dev.muster.observe.Death;
import dev.muster.observe.SlotRow;
import dev.muster.scan.ProcessMap;
import dev.muster.supervise.StartException;
import dev.muster.task.Broker;
import dev.muster.worker.InlineLife;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Runs an application whose slots are threads of this JVM: the same declarations, slots, limits and restarts as with
/// processes, but no kill and no isolation. Code over its limit is interrupted, and its slot is STUCK until its thread
/// has ended: nothing else runs in the slot meanwhile, and a task stays with the thread that runs it, so that none runs
/// twice at once.
///
/// **Threads:** one of its own; all methods from any thread, but those that wait not from user code of the application.
/// **Lifetime:** one at a time in a JVM, from [#start] to [#close()]. **Failure:** what user code does to the JVM hits
/// all slots; a memory that is exhausted ends the life whose thread notices it.
public final class InlineMaster implements AutoCloseable {
    static final String LABEL = "inline: the whole application runs in one JVM (pid "
            + ProcessHandle.current().pid()
            + "), without kill and without isolation; for development and tests, not for production";

    private static final System.Logger LOG = System.getLogger("dev.muster.inline");
    private static final AtomicReference<@Nullable InlineMaster> RUNNING = new AtomicReference<>();
    private static final long STOP_MARGIN_MILLIS = 5_000;

    private final Settings settings;
    private final InlineDirectory directory;
    private final InlineMemory memory;
    private final InlineQueue queue;
    private final Supervision supervision;
    private final Thread thread;
    private @Nullable CommandPort port;
    private volatile List<String> left = List.of();

    private InlineMaster(
            Settings settings,
            ProcessMap map,
            ClassLoader loader,
            InstanceFactory instances,
            InlineDirectory directory) {
        this.settings = settings;
        this.directory = directory;
        this.memory = new InlineMemory(directory.path());
        this.queue = new InlineQueue(settings, map.tasks());
        this.supervision = new Supervision(settings, map, loader, instances, directory.dumps(), directory.post());
        this.thread = Thread.ofPlatform().daemon().name("muster-inline").unstarted(this::supervise);
    }

    /// Starts an application; returns when its slots have been started, and does not wait until they are ready.
    ///
    /// @param settings the effective configuration
    /// @param map the declarations with the configuration applied
    /// @param loader of the application's classes
    /// @param instances makes the objects of user code
    /// @throws StartException if it cannot be started: another one runs in this JVM or in the run directory
    public static InlineMaster start(Settings settings, ProcessMap map, ClassLoader loader, InstanceFactory instances) {
        InlineDirectory directory = InlineDirectory.open(settings, map);
        InlineMaster master;
        try {
            master = new InlineMaster(settings, map, loader, instances, directory);
            if (!RUNNING.compareAndSet(null, master)) {
                throw new StartException(
                        ExitCode.ALREADY_RUNNING,
                        "an application already runs inline in this JVM; stop it first, there is one at a time");
            }
        } catch (Throwable thrown) {
            directory.close();
            throw thrown;
        }
        try {
            LOG.log(Level.WARNING, LABEL);
            map.warnings().forEach(warning -> LOG.log(Level.WARNING, warning));
            master.begin();
        } catch (Throwable thrown) {
            master.undo(thrown);
            throw thrown;
        }
        return master;
    }

    /// Ends what has begun of a start that has failed, here: perhaps it failed for want of threads.
    private void undo(Throwable why) {
        try {
            supervision.stop(false);
            supervise();
        } catch (Throwable thrown) {
            why.addSuppressed(thrown);
        }
    }

    private void begin() {
        memory.use();
        queue.use();
        try {
            port = CommandPort.open(settings.controlSocket(), new InlineDesk(settings.appName(), supervision));
        } catch (IOException | UnsupportedOperationException e) {
            LOG.log(Level.WARNING, "the command line cannot reach this application: " + e.getMessage());
        }
        supervision.begin();
        thread.start();
    }

    /// Waits until every slot was ready, or will not be soon.
    ///
    /// @return false if that took longer than the limit, or the application has ended
    public boolean awaitReady(Duration limit) throws InterruptedException {
        return supervision.awaitReady(limit);
    }

    /// Whether no stop was ordered.
    public boolean running() {
        return supervision.running();
    }

    /// A moment of all slots.
    public ServerStats stats() {
        List<ServerStats.SlotStats> lines = new ArrayList<>();
        List<SlotRow> rows = supervision.rows();
        for (SlotRow row : rows) {
            lines.add(new ServerStats.SlotStats(
                    row.slot(),
                    row.role(),
                    row.name(),
                    row.pid(),
                    row.state(),
                    row.uptimeMillis(),
                    row.restarts(),
                    row.unitsDone(),
                    row.unitsFailed(),
                    row.backlog()));
        }
        Health health = InlineHealth.of(rows, supervision.running());
        return new ServerStats(Instant.ofEpochMilli(supervision.startedAt), health, lines, true);
    }

    /// The last deaths, oldest first.
    public List<Death> deaths() {
        return supervision.deaths();
    }

    /// The store of the tasks, opened when first asked for.
    public Broker broker() {
        return queue.broker();
    }

    /// Orders the end of one slot's life; the slot stays empty. Returns at once.
    ///
    /// @throws IndexOutOfBoundsException if there is no such slot
    public void stop(int slot) {
        supervision.stop(slot);
    }

    /// Orders the end of the application. Returns at once.
    ///
    /// @param fast whether what runs is interrupted at once
    public void stop(boolean fast) {
        supervision.stop(fast);
    }

    /// Waits until the application has ended and everything is tidied up.
    ///
    /// @return false if it has not within the limit
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return supervision.awaitClosed(limit);
    }

    /// What would be the exit code of a master: 0, or that of a start in which nothing became ready.
    public int exitCode() {
        return supervision.exitCode();
    }

    /// For a shutdown hook: ends in order what does not itself wait for the end of the JVM. Blocks, with a limit.
    public void leaveJvm() throws InterruptedException {
        if (supervision.leavingJvm()) {
            LOG.log(Level.WARNING, "the JVM is ending (System.exit?), and with it every slot; stopping in order");
            stop(false);
            boolean _ = awaitEnd(Duration.ofMillis(settings.millis("limits.stop") + STOP_MARGIN_MILLIS));
        }
    }

    /// Stops the application in order and waits for its end; a second time does nothing.
    ///
    /// @throws IllegalStateException if a thread of it does not end; it names the slots
    @Override
    public void close() {
        stop(false);
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = awaitEnd(Duration.ofDays(1));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!left.isEmpty()) {
            throw new IllegalStateException("these slots have threads that do not end, although they were interrupted"
                    + " and nothing in one JVM can kill them: " + left
                    + "; the tasks that they run stay theirs until this JVM ends");
        }
    }

    private void supervise() {
        List<String> alive = new ArrayList<>();
        try {
            runSafely();
            if (port != null) {
                port.close();
            }
            for (InlineLife life : supervision.lives()) {
                // The last act of a life was to say that it is over.
                if (!life.awaitEnd(Duration.ofNanos(Supervision.TICK))) {
                    alive.add(life.name());
                    LOG.log(
                            Level.ERROR,
                            "the thread of " + life.name() + " does not end; it lives on until this JVM ends\n"
                                    + Evidence.stacks(life));
                }
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the control socket could not be removed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "an error of Muster itself at the end of the application", e);
        } finally {
            tidyUp();
            left = List.copyOf(alive);
            RUNNING.set(null);
            supervision.closed();
        }
    }

    private void runSafely() {
        try {
            supervision.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "an error of Muster itself; the application ends, and what runs is interrupted", e);
            for (InlineLife life : supervision.lives()) {
                life.stop();
                life.interrupt();
            }
        }
    }

    /// Whoever waits for the end, or starts another application, must not wait in vain because one of them fails.
    private void tidyUp() {
        for (Runnable part : List.<Runnable>of(queue::close, memory::close, directory::close)) {
            try {
                part.run();
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "an error while the application was tidied up", e);
            }
        }
    }
}
