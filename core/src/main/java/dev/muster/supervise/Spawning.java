package dev.muster.supervise;

import dev.muster.Role;
import dev.muster.os.ControlGroup;
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
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes processes, on one thread that lives as long as the master: the kernel ties a child's death signal to the
/// *thread* that spawned it, so a thread of a pool would take its children with it.
final class Spawning {
    /// Where what belongs to no slot is filed.
    static final int NO_SLOT = -1;

    private final ChildCommand command;
    private final LogPump pump;
    private final Reaper reaper;
    private final ChildGroups groups;
    private final Leftovers leftovers;
    private final WebPorts ports;
    private final Consumer<Event> events;
    private final JavaHome java = JavaHome.ofThisProcess();
    private final LinkedBlockingQueue<Runnable> work = new LinkedBlockingQueue<>();

    Spawning(
            ChildCommand command,
            LogPump pump,
            Reaper reaper,
            ChildGroups groups,
            Leftovers leftovers,
            WebPorts ports,
            Consumer<Event> events) {
        this.command = command;
        this.pump = pump;
        this.reaper = reaper;
        this.groups = groups;
        this.leftovers = leftovers;
        this.ports = ports;
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

    /// What to make.
    ///
    /// @param role whose limits hold for it, null for none
    /// @param file under the log directory, empty for the log of the application
    /// @param input the descriptor that becomes its standard input
    private record Order(
            int slot,
            int life,
            @Nullable Role role,
            String name,
            String file,
            int input,
            List<String> argv,
            String token) {}

    /// Returns at once; the answer is an event.
    void spawn(Generation generation, Roster.Place place, int life, String token) {
        int input = SpawnRequest.NO_INPUT;
        if (place.declaration() instanceof Declaration.Web web && ports.handsOver()) {
            // It stays open as long as this process is known, so the spawner finds it open.
            input = ports.of(web);
            if (input < 0) {
                events.accept(new Event.SpawnFailed(System.nanoTime(), life, closed(web)));
                return;
            }
        }
        String file = place.declaration() instanceof Declaration.Workers workers ? workers.log() : "";
        ChildSpec spec = place.spec();
        List<String> argv = command.argv(generation, place, life);
        Order order = new Order(spec.slot(), life, spec.role(), place.name(), file, input, argv, token);
        work.add(() -> make(order));
    }

    private static String closed(Declaration.Web web) {
        return "its port " + web.port() + " belongs to an earlier configuration and is closed; set server.port and"
                + " reload, or scale it to 0";
    }

    /// Makes the process that checks new code; it belongs to no slot.
    ///
    /// @param number below 0
    void check(String classPath, int number, String token) {
        List<String> argv = command.check(classPath);
        Order order = new Order(NO_SLOT, number, null, "check", "", SpawnRequest.NO_INPUT, argv, token);
        work.add(() -> make(order));
    }

    private void make(Order order) {
        int slot = order.slot();
        int life = order.life();
        int[] out = {-1, -1};
        int[] err = {-1, -1};
        Optional<ControlGroup> group = Optional.empty();
        LifeMark mark = reaper.expect(slot, life);
        try {
            group = order.role() == null ? Optional.empty() : groups.make(order.role(), mark);
            out = Fd.pipe();
            err = Fd.pipe();
            int pid = Spawner.spawn(new SpawnRequest(
                    command.executable(),
                    order.argv(),
                    command.environment(order.token(), mark),
                    Path.of("").toAbsolutePath(),
                    order.input(),
                    out[1],
                    err[1],
                    false));
            Pidfd pidfd = watchable(pid, group);
            pump.attach(slot, life, order.name(), pid, order.file(), out[0], err[0]);
            remember(pid);
            reaper.watch(
                    slot,
                    life,
                    pid,
                    pidfd,
                    group,
                    () -> events.accept(new Event.Spawned(System.nanoTime(), life, pid)));
        } catch (RuntimeException | LinkageError | IOException e) {
            // A class that cannot be loaded, for want of descriptors, must not end the thread that all children hang
            // on.
            reaper.dropped(slot, life);
            group.ifPresent(groups::discard);
            close(out[0]);
            close(err[0]);
            events.accept(new Event.SpawnFailed(System.nanoTime(), life, java.explain(e)));
        } finally {
            close(out[1]);
            close(err[1]);
        }
    }

    /// Puts it into its group before it has done anything, and opens its descriptor. A process that cannot be
    /// watched, for want of descriptors, or limited, must not live.
    private static Pidfd watchable(int pid, Optional<ControlGroup> group) throws IOException {
        Pidfd pidfd = null;
        try {
            pidfd = Pidfd.open(pid);
            if (group.isPresent()) {
                group.get().add(pid);
            }
            return pidfd;
        } catch (NativeException | IOException e) {
            boolean _ = Signals.sendGroup(pid, Signals.KILL);
            while (Wait.tryReap(pid).isEmpty()) {
                LockSupport.parkNanos(1_000_000);
            }
            if (pidfd != null) {
                pidfd.close();
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
