package dev.muster.worker;

import dev.muster.ExitReason;
import dev.muster.InstanceFactory;
import dev.muster.board.Board;
import dev.muster.board.BoardSlot;
import dev.muster.board.Incarnation;
import dev.muster.config.Settings;
import dev.muster.control.Message;
import dev.muster.control.Message.Welcome;
import dev.muster.memory.MemoryDirectory;
import dev.muster.memory.SharedMemory;
import dev.muster.os.Exit;
import dev.muster.os.Natives;
import dev.muster.os.ParentDeath;
import dev.muster.os.Signals;
import dev.muster.scan.Declaration;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker;
import dev.muster.task.Brokers;
import dev.muster.task.Instances;
import dev.muster.task.Tasks;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The code inside a worker: everything that happens in a JVM that the master has spawned.
///
/// The order of the boot: die with the master; signals; reach the master, be welcomed; title; board and heartbeat; the
/// master's orders; the objects of user code; READY; the loop of the role.
///
/// **Threads:** called on the main thread, which it never gives back. **Lifetime:** one per process, ended by
/// [Departure]. **Failure:** whatever goes wrong before READY ends the process as a failed boot; the end of the master
/// ends it at once.
public final class WorkerRuntime {
    /// Exit code of a process that had to end because its lease did: "temporary failure" of sysexits.h.
    static final int LEASE_LOST = 75;

    private final StopRequest stop = new StopRequest();
    private final Departure departure;

    private WorkerRuntime(Departure departure) {
        this.departure = departure;
    }

    /// Runs this JVM as the child that the system properties `muster.child.*` describe. Does not return.
    ///
    /// @param main the class that holds the application's `main`
    /// @param instances the factory given in code, or null
    /// @return nothing ever; the type lets callers write `return`
    public static int run(Class<?> main, @Nullable InstanceFactory instances) {
        Coordinates place = Coordinates.ofThisJvm();
        Exit.prepare();
        if (!ParentDeath.dieWith(place.master())) {
            abandon("the master " + place.master() + " is not the parent of this process any more");
        }
        // The application's shutdown hooks run; if one of them hangs, the guard of the departure leaves without them.
        Departure departure = new Departure(System::exit, Exit::now, Departure.PATIENCE_NANOS);
        WorkerRuntime runtime = new WorkerRuntime(departure);
        try {
            runtime.boot(place, main, instances);
        } catch (Throwable failure) {
            FailedBoot.leave(departure, failure);
        }
        while (true) {
            LockSupport.park();
        }
    }

    /// What [dev.muster.Muster#extendBoot(Duration, String)] does in this JVM.
    public static void extendBoot(Duration more, String reason) {
        BootTime.process().extend(more, reason);
    }

    private void boot(Coordinates place, Class<?> main, @Nullable InstanceFactory instances) throws Exception {
        Signals.handle("TERM", stop::signal);
        Runnable nothing = () -> {};
        Signals.handle("INT", nothing);
        Signals.handle("HUP", nothing);
        Signals.handle("USR1", nothing);
        // A terminal, or a signal to the whole group that is meant for the master, must not stop or end a child.
        Signals.handle("TTIN", nothing);
        Signals.handle("TTOU", nothing);
        Signals.handle("WINCH", nothing);
        UncaughtFailures.install(departure);
        ExitWatch exits = ExitWatch.install(departure);
        String incarnation = Incarnation.self().text();
        MasterLink link = introduce(place, incarnation);
        departure.mouth(link::send);
        BootTime.process().reached(link);
        Welcome welcome = link.welcome();
        ResourceLimits.apply(
                Settings.of(welcome.settings()).resources(welcome.role().word()));
        Declaration declaration = Declaration.of(welcome.declaration());
        Duty duty = new Duty(welcome, declaration, link::tell);
        stop.onStop(duty::cancel);
        Board board = Board.attach(place.board());
        SharedMemory.use(MemoryDirectory.of(place.board(), board.master()));
        BoardSlot slot = board.slot(welcome.seat());
        slot.register(welcome.life(), incarnation);
        Heartbeat.start(slot);
        BootMemory.releaseSoon();
        ChildOrders orders = new ChildOrders(link, stop, departure, duty);
        link.listen(orders);
        ClassLoader loader = main.getClassLoader();
        InstanceFactory factory = Instances.resolve(instances, loader);
        EventLane events = Correspondence.of(
                welcome,
                declaration,
                place.socket().resolveSibling("post"),
                duty,
                stop,
                board::slot,
                departure,
                new Listeners(welcome.listeners(), loader, factory),
                exits::include);
        ChildServer server = new ChildServer(link, place.master(), duty, events);
        events.begin(server);
        orders.listeners(events);
        Child child = new Child(
                welcome, declaration, incarnation, slot, link, server, stop, duty, events, departure, factory, loader);
        switch (declaration) {
            case Declaration.User user -> userProcess(child, user, exits);
            case Declaration.Workers workers -> {
                PoolWorkerLoop loop = new PoolWorkerLoop(child, workers, exits::include);
                loop.enqueueing();
                orders.worker(loop);
                loop.run();
            }
            case Declaration.Web web -> {
                enqueueing(child);
                // Where each has a socket of its own, nobody else could take what one leaves.
                FairShare share = Natives.available()
                        ? new FairShare(slot, board::provided, board::slot, System::nanoTime)
                        : FairShare.alone(slot);
                new WebLoop(child, WebPort.handedOver(web), share).run();
            }
            case Declaration.Console console -> new ConsoleLoop(child, console).run();
        }
    }

    private static MasterLink introduce(Coordinates place, String incarnation) {
        try {
            return MasterLink.introduce(place, incarnation);
        } catch (IOException e) {
            throw abandon("cannot get a welcome from the master on " + place.socket() + ": " + e.getMessage());
        }
    }

    /// Runs the process on the kind of thread that it asked for.
    private void userProcess(Child child, Declaration.User user, ExitWatch exits) {
        enqueueing(child);
        Runnable life = () -> live(child, user);
        if (!user.virtualThreads()) {
            life.run();
            return;
        }
        Thread thread = Thread.ofVirtual().name(child.welcome().name()).unstarted(life);
        exits.include(thread);
        thread.start();
    }

    private void live(Child child, Declaration.User user) {
        UserProcessLoop loop;
        try {
            Object instance = child.instances().create(child.load(user.className()));
            UserMethod method = UserMethod.of(instance, user.methodName());
            RunPermit permit = ClusterLease.of(
                    child,
                    user,
                    reason -> departure.leave(ExitReason.ERROR, reason, false, LEASE_LOST),
                    () -> Exit.now(LEASE_LOST));
            UserProcessContext context = new UserProcessContext(
                    child.duty(),
                    TimeUnit.MILLISECONDS.toNanos(user.runTimeoutMillis()),
                    child.slot(),
                    stop,
                    departure,
                    permit,
                    child.events().post());
            if (user.redirectStdio()) {
                context.printedFirst(Redirection.begin(child.events().post(), stop, departure));
            }
            loop = new UserProcessLoop(user, method, child.server(), context, child.slot(), stop, child.duty(), permit);
            child.link().send(new Message.Ready());
        } catch (Throwable failure) {
            FailedBoot.leave(departure, failure);
            return;
        }
        try {
            UserProcessLoop.End end = loop.run();
            child.events().finish();
            departure.leave(end.reason(), end.detail(), end.stay(), end.code());
        } catch (OutOfMemoryError e) {
            UncaughtFailures.leave(departure, e);
        } catch (Throwable e) {
            e.printStackTrace(System.err);
            departure.leave(ExitReason.ERROR, FailedBoot.describe(e), false, 1);
        }
    }

    /// Lets user code enqueue tasks; the store is opened when the first one is.
    private void enqueueing(Child child) {
        Settings settings = Settings.of(child.welcome().settings());
        List<TaskDeclaration> tasks = new ArrayList<>();
        for (Map<String, String> map : child.welcome().tasks()) {
            tasks.add(TaskDeclaration.of(map));
        }
        Tasks.use(settings, tasks, () -> {
            Broker broker = Brokers.open(settings);
            departure.closing(broker::close);
            return broker;
        });
    }

    /// Ends a process that never had a master, or has none any more. Does not return.
    private static IllegalStateException abandon(String why) {
        System.err.println(why + "; this process ends");
        Exit.now(ChildOrders.MASTER_LOST);
        return new IllegalStateException(why);
    }
}
