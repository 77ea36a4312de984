package dev.muster.worker;

import dev.muster.ExitReason;
import dev.muster.WorkerPool;
import dev.muster.board.BoardSlot;
import dev.muster.config.QueueShares;
import dev.muster.config.Settings;
import dev.muster.control.Message;
import dev.muster.control.Message.DeadWorker;
import dev.muster.scan.Declaration;
import dev.muster.scan.RetryRule;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.BrokerException;
import dev.muster.task.Brokers;
import dev.muster.task.Consumer;
import dev.muster.task.OnCrash;
import dev.muster.task.TaskCatalog;
import dev.muster.task.TaskRunner;
import dev.muster.task.Tasks;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The life of a task worker or a pool worker: boot, the loop, the end.
///
/// **Threads:** one platform thread carries it out; [#reclaim] and [#runExiting] come from others. **Lifetime:** that
/// of the process. **Failure:** a hook that throws ends the process with an error; what it held is given back here if
/// there is time, else by others.
final class PoolWorkerLoop {
    private static final long DEFAULT_TIMEOUT_MILLIS = 300_000;

    private final Child child;
    private final Declaration.Workers declaration;
    private final CurrentTask current;
    private final Silence silence;
    private final BoardMarks marks;
    private final BrokerKeeper keeper;
    private final WorkerBroker broker;
    private final Consumer consumer;
    private final PoolContext context;
    private final Runnable enqueueing;
    private final TaskCatalog catalog;
    private final Timekeeper timekeeper;
    private final IdleAlarm alarm;
    private volatile @Nullable String retired;

    /// How a process ends.
    private record End(ExitReason reason, String detail, int code) {}

    PoolWorkerLoop(Child child, Declaration.Workers declaration, java.util.function.Consumer<Thread> runners) {
        this(child, declaration, runners, Settings.of(child.welcome().settings()));
    }

    private PoolWorkerLoop(
            Child child,
            Declaration.Workers declaration,
            java.util.function.Consumer<Thread> runners,
            Settings settings) {
        this(child, declaration, runners, settings, () -> Brokers.open(settings));
    }

    /// @param runners is told which thread runs a task
    /// @param opener opens the broker, or throws
    PoolWorkerLoop(
            Child child,
            Declaration.Workers declaration,
            java.util.function.Consumer<Thread> runners,
            Settings settings,
            Supplier<Broker> opener) {
        this.child = child;
        this.declaration = declaration;
        BoardSlot slot = child.slot();
        List<TaskDeclaration> tasks = tasks(child.welcome().tasks());
        this.catalog = new TaskCatalog(
                tasks,
                OnCrash.valueOf(settings.text("tasks.onCrash")),
                RetryRule.NONE.resolved(settings.millis("tasks.retry.base"), settings.millis("tasks.retry.cap")),
                settings.bytes("tasks.maxSize"),
                child.loader(),
                settings.pairs("tasks.classes"));
        long heartbeat = declaration.heartbeatMillis();
        boolean pool = !declaration.className().isEmpty();
        this.current = new CurrentTask(slot);
        this.silence = new Silence(slot, pool ? TimeUnit.MILLISECONDS.toNanos(heartbeat) : 0);
        Outage outage = new Outage(reason -> child.link().tell(new Message.Outage(reason)));
        this.keeper = new BrokerKeeper(
                () -> open(opener, outage),
                child.incarnation(),
                Node.of(settings.appName(), child.server().masterPid()),
                catalog,
                (incarnation, report) ->
                        child.link().tell(new Message.Reclaimed(incarnation, report.requeued(), report.dead())));
        this.broker = new WorkerBroker(keeper, silence, outage);
        this.marks = new BoardMarks(slot, silence, current, broker::message, runners);
        TaskRunner runner = new TaskRunner(
                catalog,
                child.instances(),
                heartbeat > 0 ? heartbeat : DEFAULT_TIMEOUT_MILLIS,
                new Retirement(),
                new Kept(broker, Duration.ofMillis(settings.millis("tasks.keepResults"))));
        QueueShares queues =
                declaration.queue().isEmpty() && declaration.queues().isEmpty()
                        ? QueueShares.only(settings.text("tasks.queue"))
                        : declaration.shares();
        this.consumer = new Consumer(
                broker,
                queues,
                child.incarnation(),
                declaration.concurrency(),
                runner,
                marks,
                () -> child.events().whenAtRest(child.duty()::rests));
        this.context = new PoolContext(child.duty(), child.server(), child.stop(), silence, current, consumer);
        this.timekeeper = new Timekeeper(broker::coordination, InstantSource.system());
        this.alarm = new IdleAlarm(
                consumer::standing,
                new Queues(keeper, queues.names()),
                reason -> child.link().tell(new Message.Stalled(reason)),
                TimeUnit.MILLISECONDS.toNanos(settings.millis("tasks.idleAlarm")));
        this.enqueueing = () -> Tasks.use(settings, tasks, () -> broker);
    }

    private static Broker open(Supplier<Broker> opener, Outage outage) {
        try {
            Broker broker = opener.get();
            outage.isOver();
            return broker;
        } catch (BrokerException e) {
            outage.begins(String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /// Lets user code of this process enqueue through the store of this worker. Before [#run()].
    void enqueueing() {
        enqueueing.run();
    }

    /// Boots, works and ends the process. Does not return.
    ///
    /// @throws Exception if the boot failed
    void run() throws Exception {
        child.departure().closing(alarm::stop);
        child.departure().closing(keeper::close);
        keeper.start(child.welcome().dead());
        WorkerPool.Access pool = declaration.className().isEmpty() ? null : newPool();
        if (pool != null) {
            pool.start(context);
        }
        keeper.awaitFirstPass();
        Broker store = keeper.ifOpened();
        if (child.welcome().spare() && store != null) {
            Rehearsal.of(store, child.incarnation(), catalog);
        }
        child.stop().onStop(consumer::stop);
        child.stop().onStop(timekeeper::stop);
        child.duty().listen(consumer::pause, consumer::resume);
        child.events().workerStart();
        child.link().send(new Message.Ready());
        alarm.start();
        End end = serve(pool);
        child.events().finish();
        child.events().workerStop();
        try {
            consumer.close();
        } catch (RuntimeException e) {
            log("what this worker held could not be given back; others will do it", e);
        }
        if (broker.release(child.incarnation())) {
            child.link().tell(new Message.Released());
        }
        if (pool != null) {
            boolean _ =
                    Exiting.run(pool, end.reason, current.text(), child.duty().name(), Exiting.LIMIT);
        }
        child.departure().leave(end.reason, end.detail, false, end.code);
    }

    /// Works from the moment on at which the master gives it the work of a slot.
    private End serve(WorkerPool.@Nullable Access pool) {
        if (!child.duty().await()) {
            return new End(child.stop().reason(), child.stop().detail(), 0);
        }
        silence.begin();
        return work(pool);
    }

    private End work(WorkerPool.@Nullable Access pool) {
        try {
            if (pool == null) {
                builtInLoop();
            } else {
                pool.hook(context);
            }
        } catch (OutOfMemoryError e) {
            UncaughtFailures.leave(child.departure(), e);
        } catch (Throwable e) {
            if (!(e instanceof InterruptedException) || !child.stop().asked()) {
                log("the hook of " + child.duty().name() + " failed; the worker ends and is replaced", e);
                return new End(ExitReason.ERROR, FailedBoot.describe(e), 1);
            }
        }
        // What comes now is bounded by the limits of a stop.
        boolean _ = Thread.interrupted();
        if (child.stop().asked()) {
            return new End(child.stop().reason(), child.stop().detail(), 0);
        }
        String why = retired;
        return why == null
                ? new End(ExitReason.CLEAN, "hook returned", 0)
                : new End(ExitReason.RECYCLE, why + " and was interrupted", 0);
    }

    /// What becomes of a worker in which a task was interrupted at its soft limit: it starts nothing more, lets the
    /// master put another one in its place, and ends when its tasks have ended.
    private final class Retirement implements TaskRunner.Interrupts {
        @Override
        public void interrupting(String what) {
            retired = what;
            consumer.startNothing();
        }

        @Override
        public void interrupted() {
            child.link().tell(new Message.Retiring(retired + " and was interrupted"));
            consumer.retire();
        }
    }

    /// What this worker takes from.
    record Queues(BrokerKeeper keeper, List<String> names) implements IdleAlarm.Source {
        @Override
        public long ready() {
            return keeper.opened().ready(names);
        }

        @Override
        public void reopen() {
            keeper.reopen();
        }
    }

    /// What tasks leave behind, kept in the store.
    private record Kept(Broker broker, Duration keep) implements TaskRunner.Results {
        @Override
        public void progress(Claim claim, String json) {
            broker.progress(claim, json);
        }
    }

    private void builtInLoop() {
        marks.builtInLoop();
        consumer.run();
    }

    /// Gives back the work of a dead worker, soon, on another thread.
    void reclaim(DeadWorker dead) {
        keeper.reclaim(dead);
    }

    /// Serves these schedules from now on, on another thread.
    ///
    /// @param schedules see [Message.KeepTime]
    void keepTime(List<Map<String, String>> schedules) {
        timekeeper.keep(schedules);
    }

    /// Runs `exiting` for a worker of this pool that could not do it itself, on a new instance, and reports.
    /// Blocks.
    void runExiting(Message.RunExiting order) throws IOException {
        if (!declaration.className().isEmpty()) {
            try {
                WorkerPool.Access pool = newPool();
                boolean _ = Exiting.run(
                        pool,
                        order.reason(),
                        order.hasTask() ? order.task() : null,
                        order.incarnation(),
                        Exiting.LIMIT);
            } catch (Exception | LinkageError e) {
                // The master hands out the next call when it hears of this one.
                log("exiting for the worker " + order.incarnation() + " could not run: no new instance of the pool", e);
            }
        }
        child.link().send(new Message.ExitingRan(order.incarnation()));
    }

    private WorkerPool.Access newPool() throws Exception {
        Class<? extends WorkerPool> type = child.load(declaration.className()).asSubclass(WorkerPool.class);
        WorkerPool pool = child.instances().create(type);
        return WorkerPool.Loop.attach(pool, _ -> builtInLoop());
    }

    private static List<TaskDeclaration> tasks(List<Map<String, String>> maps) {
        List<TaskDeclaration> tasks = new ArrayList<>(maps.size());
        for (Map<String, String> map : maps) {
            tasks.add(TaskDeclaration.of(map));
        }
        return tasks;
    }

    private static void log(String what, Throwable failure) {
        System.getLogger("dev.muster.worker").log(Level.ERROR, what, failure);
    }
}
