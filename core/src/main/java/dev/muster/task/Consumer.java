package dev.muster.task;

import dev.muster.PoolTask;
import dev.muster.config.QueueShares;
import dev.muster.task.Broker.Claim;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Takes the tasks of its queues and runs them: the built-in loop of a worker ([#run()]), or one task after the other
/// for a hand-written hook ([#take(Duration)]).
///
/// Short tasks are claimed and stored in batches; that is where the throughput comes from. What a batch may cost others
/// is bounded: no more is claimed than what probably takes 50 ms, and when a task takes longer than that, what is only
/// claimed is given back. What a batch may cost when the process dies is bounded too: a finished task whose outcome is
/// not stored runs again, so at most 256 of them wait, for at most 20 ms, and none while a task starts that is not
/// known to be short, has crashed before or runs alone. A task with `onCrash = DEAD` has its outcome stored before
/// anything else happens, and its mark stands as started until then.
///
/// **Threads:** [#run()] blocks a platform thread and runs tasks on virtual threads; [#take(Duration)] and [#close()]
/// belong to one thread; [#stop()], [#pause()] and [#resume()] may be called from any. Either `run` or `take` is used,
/// not both. **Lifetime:** ends with `run`, or with `close`; the broker stays open. **Failure:** while the broker is
/// down outcomes are held and nothing is claimed. What this process held when it dies is given back by
/// `Broker.reclaim`.
public final class Consumer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger("dev.muster.task");
    private static final long STORE_AFTER = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long GIVE_UP_AFTER = TimeUnit.SECONDS.toNanos(5);
    static final Duration IDLE_WAIT = Duration.ofSeconds(5);

    private final Intake intake;
    private final TaskRunner runner;
    private final StartMarks marks;
    private final Outcomes outcomes;
    private final Cancellations cancellations;
    private final Taking taking;
    private final Pace pace = new Pace();
    private final int concurrency;
    private final Runnable atRest;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition keeping = lock.newCondition();
    // All guarded by `lock`.
    private final Stock stock;
    private boolean claiming;
    private boolean dry;
    private boolean keeperAsleep;
    private @Nullable Throwable fatal;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private volatile boolean looping;
    private volatile boolean stopping;
    private volatile boolean paused;

    /// @param owner the incarnation of this process
    /// @param concurrency tasks at once, 1 to 15
    /// @param atRest called after [#pause()] when no task runs and nothing is claimed any more; perhaps more than
    ///     once
    public Consumer(
            Broker broker,
            QueueShares queues,
            String owner,
            int concurrency,
            TaskRunner runner,
            StartMarks marks,
            Runnable atRest) {
        if (concurrency < 1 || concurrency >= StartMarks.MARKS) {
            throw new IllegalArgumentException(
                    "a worker runs 1 to " + (StartMarks.MARKS - 1) + " tasks at once, not " + concurrency);
        }
        this.intake = new Intake(broker, new QueueOrder(queues), owner);
        this.runner = runner;
        this.marks = marks;
        this.outcomes = new Outcomes(broker, marks);
        this.cancellations = new Cancellations(broker, owner, marks, runner.interrupts());
        this.taking = new Taking(intake, runner, marks, outcomes, cancellations);
        this.concurrency = concurrency;
        this.atRest = atRest;
        this.stock = new Stock(concurrency);
    }

    /// Runs tasks until [#stop()], then waits for those that run, stores their outcomes and gives the others back.
    ///
    /// @throws OutOfMemoryError if a task ran out of memory; the process must end
    public void run() {
        looping = true;
        List<Thread> threads = new ArrayList<>(concurrency);
        for (int i = 0; i < concurrency; i++) {
            int number = i;
            threads.add(Thread.ofVirtual().name("task-" + i).start(() -> runTasks(number)));
        }
        try {
            keep();
        } finally {
            startNothing();
        }
        rethrowFatal();
        giveBackBuffer();
        // What ended before that saw a full buffer, and left its outcome to others.
        boolean _ = outcomes.store();
        for (Thread thread : threads) {
            join(thread);
        }
        rethrowFatal();
        close();
    }

    /// How this worker stands with its queues. Never waits for the store.
    public Standing standing() {
        lock.lock();
        try {
            boolean idle = looping ? stock.idle() : taking.waits();
            return intake.standing(idle && !stopping && !paused && fatal == null);
        } finally {
            lock.unlock();
        }
    }

    /// Takes the next task, waiting for one; returns early with nothing once [#stop()] was called. The task counts
    /// as started from now on.
    ///
    /// @throws IllegalStateException if the task that was taken before is not ended
    public Optional<PoolTask> take(Duration wait) throws InterruptedException {
        if (paused && !stopping) {
            taking.requireNothingHeld();
            if (outcomes.store(Math.max(0, TimeUnit.NANOSECONDS.convert(wait)))) {
                atRest.run();
            }
            awaitResume(wait);
            return Optional.empty();
        }
        return taking.take(wait, () -> stopping || paused);
    }

    private void awaitResume(Duration wait) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.NANOSECONDS.convert(wait);
            while (paused && !stopping && left > 0) {
                left = work.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Claims nothing more until [#resume()]; what is only claimed is given back, what runs is finished.
    public void pause() {
        lock.lock();
        try {
            paused = true;
            work.signalAll();
            keeping.signalAll();
        } finally {
            lock.unlock();
        }
        intake.nudge();
    }

    /// Takes tasks again.
    public void resume() {
        lock.lock();
        try {
            paused = false;
            dry = false;
            work.signalAll();
            keeping.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Starts no task any more. Does not block.
    public void startNothing() {
        lock.lock();
        try {
            stopping = true;
            work.signalAll();
            keeping.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Ends the loop when the tasks that run have ended, however long that takes. Unlike [#stop()] it does not mean
    /// that the end is near: outcomes wait for a broker that is down.
    public void retire() {
        startNothing();
        intake.nudge();
    }

    /// Asks the loop, or the waiting [#take(Duration)], to end.
    public void stop() {
        startNothing();
        if (stopped.getAndSet(true)) {
            return;
        }
        outcomes.giveUpAfter(GIVE_UP_AFTER);
        intake.wake();
    }

    /// Stores what is finished and gives back what is only claimed; tries for 5 s if the broker is down.
    @Override
    public void close() {
        stop();
        giveBackBuffer();
        cancellations.close();
        if (!outcomes.store()) {
            LOG.log(
                    Level.ERROR,
                    "gave up storing the outcomes of " + outcomes.size()
                            + " finished tasks; they will be given back and run again");
        }
    }

    // ---- the threads that run tasks

    private void runTasks(int number) {
        try {
            for (Claim claim = next(number); claim != null; claim = next(number)) {
                try {
                    execute(claim);
                } finally {
                    ended(number);
                }
            }
        } catch (Throwable t) {
            lock.lock();
            try {
                fatal = t;
                keeping.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private @Nullable Claim next(int number) {
        lock.lock();
        try {
            while (!stopping && fatal == null) {
                if (paused) {
                    work.awaitUninterruptibly();
                    continue;
                }
                Claim claim = stock.start(number);
                if (claim != null) {
                    return claim;
                }
                if (stock.isEmpty() && !claiming && !dry) {
                    // It gives up the lock: whoever has stopped or paused meanwhile has signalled to nobody.
                    boolean _ = claimMore();
                } else {
                    work.awaitUninterruptibly();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /// Fills the buffer, giving up the lock meanwhile.
    ///
    /// @return false if there was nothing
    private boolean claimMore() {
        claiming = true;
        lock.unlock();
        List<Claim> claims = List.of();
        try {
            // Nothing is claimed while outcomes cannot be stored.
            if (outcomes.store()) {
                claims = intake.claim(pace.batch(concurrency));
            }
        } finally {
            lock.lock();
            claiming = false;
        }
        stock.add(claims);
        dry = claims.isEmpty();
        if (dry || keeperAsleep || paused) {
            keeping.signal();
        }
        if (!dry) {
            work.signalAll();
        }
        return !dry;
    }

    private void execute(Claim claim) {
        boolean storeNow = false;
        switch (runner.plan(claim)) {
            case TaskRunner.Hopeless hopeless -> outcomes.add(hopeless.outcome(), -1, false);
            case TaskRunner.Plan task -> {
                if (!marks.mayStart()) {
                    intake.giveBack(List.of(claim));
                    pause();
                    return;
                }
                boolean careful =
                        task.atMostOnce() || claim.alone() || claim.crashes() > 0 || !pace.isShort(task.task());
                if (careful && !store() || !intake.mayStart(claim, task.atMostOnce())) {
                    intake.giveBack(List.of(claim));
                    return;
                }
                int mark = marks.started(claim.id(), task.label(), task.limitMillis());
                long start = System.nanoTime();
                Broker.Outcome outcome = cancellations.run(runner, task, mark);
                pace.took(task.task(), System.nanoTime() - start);
                if (!task.atMostOnce()) {
                    marks.finished(mark, Outcomes.failed(outcome));
                }
                outcomes.add(outcome, mark, task.atMostOnce());
                storeNow = task.atMostOnce();
            }
        }
        if (storeNow || outcomes.size() >= Pace.MAX_BATCH || nothingBuffered()) {
            boolean _ = store();
        }
    }

    private boolean store() {
        stores(1);
        try {
            return outcomes.store();
        } finally {
            stores(-1);
        }
    }

    private void stores(int more) {
        lock.lock();
        try {
            stock.stores(more);
        } finally {
            lock.unlock();
        }
    }

    private void ended(int number) {
        lock.lock();
        try {
            stock.ended(number);
            work.signalAll();
            if (paused) {
                keeping.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean nothingBuffered() {
        lock.lock();
        try {
            return stock.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    // ---- the thread of run(): waits for new tasks, and sees to what must not wait

    private void keep() {
        lock.lock();
        try {
            while (!stopping && fatal == null) {
                if (paused) {
                    rest();
                } else if (dry) {
                    awaitMore();
                } else {
                    tick();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// Paused: gives back what is only claimed, and says so when nothing runs any more.
    @SuppressWarnings("WaitNotInLoop")
    private void rest() throws InterruptedException {
        boolean over = idle();
        lock.unlock();
        try {
            giveBackBuffer();
            // Not only when all have ended: one that hangs must not hold up the outcomes of the others.
            if (outcomes.store() && over) {
                atRest.run();
            }
        } finally {
            lock.lock();
        }
        // What has ended meanwhile has signalled to nobody.
        if (paused && !stopping && stock.isEmpty() && over == idle()) {
            // The time is for a broker that was down when the outcomes were to be stored.
            long _ = keeping.awaitNanos(GIVE_UP_AFTER);
        }
    }

    private boolean idle() {
        return stock.running() == 0 && !claiming;
    }

    private void awaitMore() throws InterruptedException {
        lock.unlock();
        try {
            intake.await(IDLE_WAIT);
        } finally {
            lock.lock();
        }
        if (!stopping && !paused && dry && !claiming) {
            boolean _ = claimMore();
        }
    }

    // As in rest(), the loop is in the caller: each wake-up, a spurious one too, looks at everything anew.
    @SuppressWarnings("WaitNotInLoop")
    private void tick() throws InterruptedException {
        if (stock.isEmpty() && outcomes.size() == 0) {
            keeperAsleep = true;
            keeping.await();
            keeperAsleep = false;
            return;
        }
        long _ = keeping.awaitNanos(STORE_AFTER);
        boolean late = outcomes.waitingFor(STORE_AFTER);
        List<Claim> stuck = stock.stuck();
        if (late || !stuck.isEmpty()) {
            lock.unlock();
            try {
                boolean _ = outcomes.store();
                intake.giveBack(stuck);
            } finally {
                lock.lock();
            }
        }
    }

    private void giveBackBuffer() {
        List<Claim> rest;
        lock.lock();
        try {
            rest = stock.removeAll();
        } finally {
            lock.unlock();
        }
        intake.giveBack(rest);
    }

    private void join(Thread thread) {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void rethrowFatal() {
        Throwable thrown;
        lock.lock();
        try {
            thrown = fatal;
        } finally {
            lock.unlock();
        }
        if (thrown != null) {
            stop();
            cancellations.close();
        }
        switch (thrown) {
            case null -> {}
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            case Throwable other -> throw new IllegalStateException("a thread that runs tasks ended: " + other, other);
        }
    }
}
