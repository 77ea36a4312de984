package dev.muster.supervise;

import dev.muster.os.Fd;
import dev.muster.os.Identity;
import dev.muster.os.NativeException;
import dev.muster.os.Pidfd;
import dev.muster.os.Signals;
import dev.muster.os.SpawnRequest;
import dev.muster.os.Spawner;
import dev.muster.os.Wait;
import dev.muster.scan.Declaration;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// Makes processes, on one thread that lives as long as the master: the kernel ties a child's death signal to the
/// *thread* that spawned it, so a thread of a pool would take its children with it.
final class Spawning {
    /// Where what belongs to no slot is filed.
    static final int NO_SLOT = -1;

    private final ChildCommand command;
    private final LogPump pump;
    private final Reaper reaper;
    private final Leftovers leftovers;
    private final Consumer<Event> events;
    private final JavaHome java = JavaHome.ofThisProcess();
    private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();

    Spawning(ChildCommand command, LogPump pump, Reaper reaper, Leftovers leftovers, Consumer<Event> events) {
        this.command = command;
        this.pump = pump;
        this.reaper = reaper;
        this.leftovers = leftovers;
        this.events = events;
    }

    void start() {
        Thread.ofPlatform().name("spawner").daemon().start(this::run);
    }

    private void run() {
        while (true) {
            try {
                work.take().run();
            } catch (InterruptedException _) {
                // Nobody has a reason to interrupt it, and ending would kill every child.
            }
        }
    }

    /// Returns at once; the answer is an event.
    void spawn(Generation generation, Roster.Place place, int life, String token) {
        String file = place.declaration() instanceof Declaration.Workers workers ? workers.log() : "";
        int slot = place.spec().slot();
        work.add(() -> make(slot, life, place.name(), file, command.argv(generation, place, life), token));
    }

    /// Makes the process that checks new code; it belongs to no slot.
    ///
    /// @param number below 0
    void check(String classPath, int number, String token) {
        work.add(() -> make(NO_SLOT, number, "check", "", command.check(classPath), token));
    }

    private void make(int slot, int life, String name, String file, List<String> argv, String token) {
        int[] out = {-1, -1};
        int[] err = {-1, -1};
        try {
            out = Fd.pipe();
            err = Fd.pipe();
            int pid = Spawner.spawn(new SpawnRequest(
                    command.executable(),
                    argv,
                    command.environment(token),
                    Path.of("").toAbsolutePath(),
                    out[1],
                    err[1],
                    false));
            Pidfd pidfd = watchable(pid);
            pump.attach(slot, life, name, pid, file, out[0], err[0]);
            remember(pid);
            events.accept(new Event.Spawned(System.nanoTime(), life, pid));
            reaper.watch(slot, life, pid, pidfd);
        } catch (RuntimeException | LinkageError e) {
            // A class that cannot be loaded, for want of descriptors, must not end the thread that all children hang on.
            close(out[0]);
            close(err[0]);
            events.accept(new Event.SpawnFailed(System.nanoTime(), life, java.explain(e)));
        } finally {
            close(out[1]);
            close(err[1]);
        }
    }

    /// A process that cannot be watched, for want of descriptors, must not live.
    private static Pidfd watchable(int pid) {
        try {
            return Pidfd.open(pid);
        } catch (NativeException e) {
            boolean _ = Signals.sendGroup(pid, Signals.KILL);
            while (Wait.tryReap(pid).isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
            throw e;
        }
    }

    /// A master that cannot write this down only loses the help it would have given to a later one.
    private void remember(int pid) {
        Identity.of(pid).ifPresent(child -> {
            try {
                leftovers.born(child);
            } catch (IOException _) {
                // The child dies with its master anyway.
            }
        });
    }

    private static void close(int fd) {
        if (fd >= 0) {
            Fd.close(fd);
        }
    }
}
