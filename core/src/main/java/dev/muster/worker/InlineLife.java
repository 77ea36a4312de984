package dev.muster.worker;

import dev.muster.ExitReason;
import dev.muster.InstanceFactory;
import dev.muster.board.BoardSlot;
import dev.muster.control.Message;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Welcome;
import dev.muster.scan.Declaration;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// One life of one slot on threads of this JVM: the same loops that run in a process of their own, with the master in
/// the same memory. It can be asked to stop and interrupted; it cannot be killed.
///
/// **Threads:** all methods from any thread. The life itself has one thread, a virtual one for a user process that
/// asked for it; what it calls of [Master] is called on threads of its own. **Lifetime:** from [#start] until
/// [Master#ended] is called, as its last act. **Failure:** what user code throws ends the life as it would end the
/// process; code that does not return keeps its thread.
public final class InlineLife {
    /// The supervision of an application that is one JVM. Its methods must not wait for a life.
    public interface Master {
        /// The worker said something.
        void heard(Message.FromChild message);

        /// A moment of all slots.
        Message.StatsReply stats();

        /// The life is over, its threads are at their end, and what it had open is closed.
        ///
        /// @param stay whether the slot is to stay empty
        /// @param code what would be the exit code of a process
        void ended(ExitReason reason, String detail, boolean stay, int code);
    }

    private final Welcome welcome;
    private final Declaration declaration;
    private final String incarnation;
    private final BoardSlot slot;
    private final Master master;
    private final StopRequest stop = new StopRequest();
    private final InlineDeparture departure = new InlineDeparture(stop);
    private final Duty duty;
    private final EventLane events;
    private final Port port = new Port();
    private final Thread thread;
    private final Set<Thread> runners = ConcurrentHashMap.newKeySet();
    private volatile @Nullable PoolWorkerLoop loop;

    private InlineLife(
            Welcome welcome,
            String incarnation,
            BoardSlot slot,
            ClassLoader loader,
            InstanceFactory instances,
            Surroundings place,
            Master master) {
        this.welcome = welcome;
        this.declaration = Declaration.of(welcome.declaration());
        this.incarnation = incarnation;
        this.slot = slot;
        this.master = master;
        this.duty = new Duty(welcome, declaration, port::tell, false);
        stop.onStop(duty::cancel);
        events = Correspondence.of(
                welcome,
                declaration,
                place.post(),
                duty,
                stop,
                place.seats(),
                departure,
                listeners(welcome, loader, instances),
                this::runs);
        ChildServer server = new ChildServer(port, ProcessHandle.current().pid(), duty, events);
        Child child = new Child(
                welcome,
                declaration,
                incarnation,
                slot,
                port,
                server,
                stop,
                duty,
                events,
                departure,
                instances,
                loader);
        boolean virtual = declaration instanceof Declaration.User user && user.virtualThreads();
        Thread.Builder builder =
                virtual ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
        thread = builder.name(welcome.name()).unstarted(() -> live(child));
    }

    /// What is around a life.
    ///
    /// @param post the directory of the sockets for messages
    /// @param seats what the lives in the slots show, by slot
    public record Surroundings(Path post, IntFunction<BoardSlot> seats) {}

    private static Listeners listeners(Welcome welcome, ClassLoader loader, InstanceFactory instances) {
        try {
            return new Listeners(welcome.listeners(), loader, instances);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException("a listener was found by the scan and cannot be loaded", e);
        }
    }

    /// Starts a life.
    ///
    /// @param welcome what it is to be
    /// @param incarnation who it is; another one for each life
    /// @param slot its place, of this life only: a life that does not end writes on there
    /// @param loader of the application's classes
    /// @param instances makes the objects of user code
    /// @param place what else is in this JVM
    public static InlineLife start(
            Welcome welcome,
            String incarnation,
            BoardSlot slot,
            ClassLoader loader,
            InstanceFactory instances,
            Surroundings place,
            Master master) {
        slot.reset(welcome.life());
        slot.register(welcome.life(), incarnation);
        InlineLife life = new InlineLife(welcome, incarnation, slot, loader, instances, place, master);
        life.thread.start();
        return life;
    }

    /// Its name, with `#N` where there are several instances.
    public String name() {
        return welcome.name();
    }

    /// Who it is.
    public String incarnation() {
        return incarnation;
    }

    /// What it shows.
    public BoardSlot slot() {
        return slot;
    }

    /// Asks it to finish its present work and end.
    public void stop() {
        stop.order();
    }

    /// Interrupts the threads that run user code: all that can be done about code that does not return.
    public void interrupt() {
        Set<Thread> of = threads();
        of.removeIf(each -> !each.isAlive());
        // The thread of a loop that only waits for its tasks is left alone: it still has their outcomes to store.
        if (of.size() > 1) {
            of.remove(thread);
        }
        of.forEach(Thread::interrupt);
    }

    /// The threads that run user code.
    public Set<Thread> threads() {
        Set<Thread> threads = new LinkedHashSet<>();
        threads.add(thread);
        threads.addAll(runners);
        return threads;
    }

    /// Whether one of its threads has called `System.exit`, which waits for the shutdown hooks and never returns.
    public boolean leavesTheJvm() {
        return threads().stream().anyMatch(each -> ExitWatch.exits(each.getStackTrace()));
    }

    /// Waits until its thread has ended.
    ///
    /// @return false if it has not within this time
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return thread.join(limit);
    }

    /// Gives back the work of a dead worker, soon. Without effect in a user process.
    public void reclaim(DeadWorker dead) {
        PoolWorkerLoop of = loop;
        if (of != null) {
            of.reclaim(dead);
        }
    }

    /// Serves the schedules from now on, see [Message.KeepTime]. Without effect in a user process.
    public void keepTime(List<Map<String, String>> schedules) {
        PoolWorkerLoop of = loop;
        if (of != null) {
            of.keepTime(schedules);
        }
    }

    /// Tells the listeners what happens to the application, soon.
    public void announce(Message.Announcement what) {
        events.announcer().announce(what, port::tell);
    }

    /// Runs `exiting` for a life of its pool that could not do it itself, on a thread of its own. Without effect in
    /// a user process.
    public void runExiting(Message.RunExiting order) {
        PoolWorkerLoop of = loop;
        if (of == null) {
            return;
        }
        Thread.ofPlatform().daemon().name("muster-run-exiting").start(() -> {
            try {
                of.runExiting(order);
            } catch (IOException e) {
                throw new IllegalStateException("the port in this JVM has failed", e);
            }
        });
    }

    private void live(Child child) {
        try {
            child.events().begin(child.server());
            switch (declaration) {
                case Declaration.User user -> userProcess(child, user);
                case Declaration.Web web -> {
                    try (ServerSocketChannel listening = WebPort.own(web, false)) {
                        new WebLoop(child, listening, FairShare.alone(slot)).run();
                    }
                }
                case Declaration.Console _ ->
                    throw new IllegalStateException("a console has no place in an application that is one JVM");
                case Declaration.Workers workers -> {
                    PoolWorkerLoop of = new PoolWorkerLoop(child, workers, this::runs);
                    loop = of;
                    of.run();
                }
            }
        } catch (LifeEndError _) {
            // The departure knows how it ended.
        } catch (Throwable failure) {
            said(() -> FailedBoot.leave(departure, failure));
        }
        // An interrupt was meant for user code, and that is over.
        boolean _ = Thread.interrupted();
        InlineDeparture.End end = departure.close();
        master.ended(end.reason(), end.detail(), end.stay(), end.code());
    }

    private void runs(Thread of) {
        runners.add(of);
    }

    private void userProcess(Child child, Declaration.User user) throws Exception {
        Object instance = child.instances().create(child.load(user.className()));
        UserMethod method = UserMethod.of(instance, user.methodName());
        // Nothing can be cut off here: an interrupt is all there is.
        RunPermit permit = ClusterLease.of(child, user, _ -> interrupt(), this::interrupt);
        UserProcessContext context = new InlineContext(
                duty,
                TimeUnit.MILLISECONDS.toNanos(user.runTimeoutMillis()),
                slot,
                stop,
                departure,
                permit,
                child.events().post());
        if (user.redirectStdio()) {
            System.getLogger("dev.muster.worker")
                    .log(Level.WARNING, name() + ": redirectStdio has no effect inline: all slots share one JVM");
        }
        UserProcessLoop of = new UserProcessLoop(user, method, child.server(), context, slot, stop, duty, permit);
        child.link().send(new Message.Ready());
        said(() -> {
            try {
                UserProcessLoop.End end = of.run();
                child.events().finish();
                departure.leave(end.reason(), end.detail(), end.stay(), end.code());
            } catch (OutOfMemoryError e) {
                UncaughtFailures.leave(departure, e);
            }
        });
    }

    /// Does what ends by saying how the life ended.
    private static void said(Runnable leaving) {
        try {
            leaving.run();
        } catch (LifeEndError _) {
            // As meant.
        }
    }

    /// The way to the master: calls.
    private final class Port implements MasterPort {
        @Override
        public Welcome welcome() {
            return welcome;
        }

        @Override
        public void send(Message.FromChild message) {
            master.heard(message);
            if (message instanceof Message.Ready) {
                // There are no spares here: whoever is ready has its slot.
                duty.activate(welcome.slot(), welcome.name());
            }
        }

        @Override
        public void tell(Message.FromChild message) {
            master.heard(message);
        }

        @Override
        public Message.StatsReply stats() {
            return master.stats();
        }

        @Override
        public boolean inline() {
            return true;
        }
    }
}
