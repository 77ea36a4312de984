package dev.muster.inline;

import dev.muster.ExitReason;
import dev.muster.InstanceFactory;
import dev.muster.Role;
import dev.muster.board.BoardSlot;
import dev.muster.config.Settings;
import dev.muster.control.ExitCode;
import dev.muster.control.Message;
import dev.muster.control.Message.DeadWorker;
import dev.muster.observe.Death;
import dev.muster.observe.SlotRow;
import dev.muster.scan.ProcessMap;
import dev.muster.supervise.Failures;
import dev.muster.worker.InlineLife;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// The states of all slots of an application in one JVM, and what makes them change: limits, ends of lives, orders.
///
/// **Threads:** guarded by one lock, which no user code is called under; [#run()] belongs to one thread. **Lifetime:**
/// that of the application. **Failure:** an error of its own is logged, and supervision goes on.
final class Supervision {
    /// How an application goes through its life.
    enum Phase {
        RUNNING,
        STOPPING,
        ENDED,
        /// Ended, and everything is tidied up.
        CLOSED
    }

    private static final System.Logger LOG = System.getLogger("dev.muster.inline");
    static final long TICK = TimeUnit.MILLISECONDS.toNanos(50);
    /// Until a life that could not even be started is tried again.
    private static final long AFTER_ERROR = TimeUnit.SECONDS.toNanos(1);
    /// What an interrupted thread may still take at the end of the application.
    private static final long GRACE = TimeUnit.SECONDS.toNanos(2);

    final long startedAt = System.currentTimeMillis();
    private final Settings settings;
    private final Path dumps;
    private final Nursery nursery;
    private final Monitor monitor = new Monitor();
    /// The list never changes; what is in it is guarded by `monitor`.
    final List<InlineSlot> slots;
    // All guarded by `monitor`.
    private final InlineEstate estate = new InlineEstate();
    private final Burial burial;
    private final InlineTime time;
    private final InlineListeners listeners;
    private final List<InlineLife> lives = new ArrayList<>();
    private Phase phase = Phase.RUNNING;
    private boolean everReady;
    private boolean leavingJvm;
    private ExitCode exitCode = ExitCode.DONE;
    /// Something is to be done before the next tick.
    private boolean urgent;
    private long stopBy;
    private long onlyStuckSince;
    private final Halt halt = new Halt(System.nanoTime());

    /// @param dumps where evidence goes
    /// @param post where the sockets for messages are
    Supervision(
            Settings settings, ProcessMap map, ClassLoader loader, InstanceFactory instances, Path dumps, Path post) {
        this.settings = settings;
        this.dumps = dumps;
        nursery = new Nursery(settings, map, loader, instances, post);
        slots = Place.of(map.processes()).stream().map(InlineSlot::new).toList();
        burial = new Burial(slots, estate);
        time = new InlineTime(map.schedules());
        listeners = new InlineListeners(slots, !map.listeners().isEmpty());
    }

    /// Starts the first life of every slot.
    void begin() {
        monitor.change(() -> {
            long now = System.nanoTime();
            slots.forEach(slot -> fill(slot, now));
        });
    }

    /// Whether no stop was ordered.
    boolean running() {
        return monitor.get(() -> phase == Phase.RUNNING);
    }

    int exitCode() {
        return monitor.get(() -> exitCode.number());
    }

    List<Death> deaths() {
        return monitor.get(() -> burial.deaths().all());
    }

    /// The lives that may still have threads.
    List<InlineLife> lives() {
        return monitor.get(() -> List.copyOf(lives));
    }

    /// Orders the end of one slot's life; the slot stays empty.
    void stop(int number) {
        monitor.change(() -> order(slots.get(number), InlineSlot.Order.STOP));
    }

    /// Everything is tidied up.
    void closed() {
        monitor.change(() -> {
            phase = Phase.CLOSED;
            urgent = true;
        });
    }

    /// User code has called `System.exit`: slots that wait in it hold the stop no longer up.
    ///
    /// @return false if everything is over anyway
    boolean leavingJvm() {
        return monitor.get(() -> {
            if (phase == Phase.CLOSED) {
                return false;
            }
            leavingJvm = true;
            return true;
        });
    }

    /// Waits until every slot was ready, or will not be soon, and says so.
    boolean awaitReady(Duration limit) throws InterruptedException {
        return monitor.await(limit, () -> phase != Phase.RUNNING || settled()) && running();
    }

    boolean awaitClosed(Duration limit) throws InterruptedException {
        return monitor.await(limit, () -> phase == Phase.CLOSED);
    }

    private boolean settled() {
        boolean empty = true;
        for (InlineSlot slot : slots) {
            boolean stopped = slot.state == InlineSlot.State.STOPPED;
            if (slot.readyAt == 0 && !stopped && slot.past.inARow() == 0) {
                return false;
            }
            empty &= stopped;
        }
        return empty || everReady;
    }

    /// Orders the end of the application.
    ///
    /// @param fast whether what runs is interrupted at once
    void stop(boolean fast) {
        monitor.change(() -> {
            long now = System.nanoTime();
            if (phase == Phase.RUNNING) {
                phase = Phase.STOPPING;
                listeners.stopping();
                stopBy = now + nanos("limits.stop");
            }
            if (fast) {
                stopBy = Math.min(stopBy, now);
            }
            urgent = true;
        });
    }

    /// Waits until every slot has ended; the tidying up still follows.
    void awaitStopped() throws InterruptedException {
        boolean _ = monitor.await(Duration.ofDays(1), () -> phase == Phase.ENDED || phase == Phase.CLOSED);
    }

    /// Orders that a slot begins a new life.
    ///
    /// @return the number of the present one
    int restart(InlineSlot slot) {
        return monitor.get(() -> {
            int before = slot.number;
            order(slot, InlineSlot.Order.RESTART);
            return before;
        });
    }

    /// Waits for something of one slot, or the end.
    boolean await(Duration limit, InlineSlot slot, Predicate<InlineSlot> wish) throws InterruptedException {
        return monitor.await(limit, () -> wish.test(slot) || phase == Phase.CLOSED);
    }

    /// Writes down what the threads of a slot are doing.
    ///
    /// @return the file, empty if there is nothing to write about or it could not be written
    String evidence(InlineSlot slot) {
        return monitor.get(() -> {
            InlineLife life = slot.life;
            return life == null || !slot.state.live() ? "" : Evidence.write(dumps, slot.place, life);
        });
    }

    List<SlotRow> rows() {
        return monitor.get(() -> {
            long now = System.nanoTime();
            List<SlotRow> rows = new ArrayList<>();
            for (InlineSlot slot : slots) {
                rows.add(slot.row(now, burial.deaths().last(slot.place.number())));
            }
            return rows;
        });
    }

    // ---- the thread

    /// Supervises until every slot has ended.
    void run() {
        boolean over = false;
        while (!over) {
            monitor.change(this::lookSafely);
            try {
                over = monitor.await(Duration.ofNanos(TICK), () -> phase == Phase.ENDED || urgent);
            } catch (InterruptedException _) {
                // Nobody has a reason to; supervision goes on.
            }
            over &= monitor.get(() -> phase == Phase.ENDED);
        }
    }

    private void lookSafely() {
        urgent = false;
        try {
            look(System.nanoTime());
        } catch (RuntimeException | Error e) {
            // A thread that cannot be made is an Error, too, and passes.
            LOG.log(Level.ERROR, "an error of Muster itself; supervision goes on", e);
        }
    }

    private void look(long now) {
        halt.looked(now);
        for (InlineSlot slot : slots) {
            switch (slot.state) {
                case BACKOFF, QUARANTINE -> {
                    if (phase == Phase.RUNNING && now - slot.due >= 0) {
                        // If it fails, it is tried again, and not at once.
                        slot.due = now + AFTER_ERROR;
                        fill(slot, now);
                    }
                }
                case BOOTING -> {
                    if (halt.over(slot.startedAt + nanos("limits.boot"), now)) {
                        stuck(slot, "boot", now);
                    }
                }
                case RUNNING, DRAINING -> {
                    BoardSlot.Deadline deadline = life(slot).slot().deadline().orElse(null);
                    if (deadline != null && halt.over(deadline.nanos(), now)) {
                        stuck(slot, deadline.id().isEmpty() ? "silent" : "deadline", now);
                    } else if (slot.state == InlineSlot.State.DRAINING && halt.over(slot.due, now)) {
                        stuck(slot, "stop", now);
                    }
                }
                case STUCK, STOPPED -> {}
            }
        }
        listeners.look();
        if (phase == Phase.STOPPING) {
            advance(now);
        } else {
            time.look(slots);
        }
    }

    private void fill(InlineSlot slot, long now) {
        Place place = slot.place;
        slot.number++;
        List<DeadWorker> dead = place.role() == Role.USER ? List.of() : estate.unclaimed();
        InlineLife life = nursery.start(place, slot.number, dead, new Ear(slot, slot.number));
        lives.removeIf(old -> old.threads().stream().noneMatch(Thread::isAlive));
        lives.add(life);
        slot.begin(life, now);
    }

    private void stuck(InlineSlot slot, String kind, long now) {
        InlineLife life = life(slot);
        slot.state = InlineSlot.State.STUCK;
        slot.stuck = kind;
        slot.task = slot.working();
        slot.evidence = Evidence.write(dumps, slot.place, life);
        slot.stuckAt = now;
        String stacks = Evidence.stacks(life);
        life.stop();
        life.interrupt();
        urgent = true;
        LOG.log(
                Level.ERROR,
                slot.place.name() + " is over its limit (" + kind + "), working on '" + slot.task
                        + "'; inline it cannot be killed: it is interrupted, and its slot stays STUCK until its thread"
                        + " ends. Evidence: " + slot.evidence + "\n" + stacks);
    }

    void order(InlineSlot slot, InlineSlot.Order order) {
        InlineLife life = slot.life;
        slot.order = order;
        if (life == null || !slot.state.live()) {
            slot.state = order == InlineSlot.Order.STOP ? InlineSlot.State.STOPPED : InlineSlot.State.BACKOFF;
            slot.due = System.nanoTime();
        } else if (slot.state != InlineSlot.State.STUCK) {
            slot.state = InlineSlot.State.DRAINING;
            slot.due = System.nanoTime() + nanos("limits.drain");
            life.stop();
        }
        urgent = true;
    }

    /// The next step of the stop: role after role, in the opposite order of the start. What is stuck holds nobody
    /// up.
    private void advance(long now) {
        Role stage = null;
        boolean stuck = false;
        for (InlineSlot slot : slots) {
            if (!slot.state.live()) {
                slot.state = InlineSlot.State.STOPPED;
                continue;
            }
            if (leavingJvm && slot.state != InlineSlot.State.STUCK && life(slot).leavesTheJvm()) {
                slot.state = InlineSlot.State.STUCK;
                slot.stuck = "exit";
            } else if (slot.state != InlineSlot.State.STUCK && halt.over(stopBy, now)) {
                stuck(slot, "stop", now);
            }
            if (slot.state == InlineSlot.State.STUCK) {
                stuck = true;
            } else if (stage == null || slot.place.role().compareTo(stage) > 0) {
                stage = slot.place.role();
            }
        }
        if (stage == null) {
            onlyStuckSince = onlyStuckSince == 0 ? now : onlyStuckSince;
            if (!stuck || leavingJvm || now - onlyStuckSince >= GRACE) {
                phase = Phase.ENDED;
                urgent = true;
            }
            return;
        }
        for (InlineSlot slot : slots) {
            if (slot.place.role() == stage && slot.state.live() && slot.order != InlineSlot.Order.STOP) {
                order(slot, InlineSlot.Order.STOP);
            }
        }
    }

    // ---- what lives say

    private final class Ear implements InlineLife.Master {
        private final InlineSlot slot;
        private final int number;

        Ear(InlineSlot slot, int number) {
            this.slot = slot;
            this.number = number;
        }

        @Override
        public void heard(Message.FromChild message) {
            monitor.change(() -> {
                switch (message) {
                    case Message.Ready _ -> ready(slot);
                    case Message.Reclaimed reclaimed -> estate.reclaimed(reclaimed.incarnation());
                    case Message.Released _ -> slot.released = slot.number == number;
                    case Message.Announced announced -> listeners.told(announced.number());
                    case Message.ExitingRan ran -> estate.exitingRan(ran.incarnation());
                    case Message.StopSlot stop -> order(slots.get(stop.slot()), InlineSlot.Order.STOP);
                    case Message.Shutdown _ -> stop(false);
                    case Message.TookUp _, Message.Retiring _, Message.Stalled _, Message.Outage _ -> {}
                    case Message.OrderReload _ ->
                        LOG.log(Level.WARNING, "the code of one JVM cannot be reloaded: stop it and start it again");
                    case Message.Extend _, Message.Quieted _, Message.Bye _, Message.Dumped _, Message.StatsRequest _ ->
                        throw new IllegalStateException("a life cannot say " + message);
                }
                urgent = true;
            });
        }

        @Override
        public Message.StatsReply stats() {
            List<Message.SlotLine> lines = new ArrayList<>();
            List<SlotRow> rows = rows();
            for (SlotRow row : rows) {
                lines.add(new Message.SlotLine(
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
            return new Message.StatsReply(0, startedAt, InlineHealth.of(rows, running()), lines);
        }

        @Override
        public void ended(ExitReason reason, String detail, boolean stay, int code) {
            monitor.change(() -> {
                if (slot.number == number) {
                    lifeEnded(slot, reason, detail, stay, code);
                    urgent = true;
                }
            });
        }
    }

    private void ready(InlineSlot slot) {
        slot.readyAt = System.nanoTime();
        everReady = true;
        if (slot.state == InlineSlot.State.BOOTING) {
            slot.state = InlineSlot.State.RUNNING;
        }
        if (slot.place.role() == Role.POOL) {
            estate.ready(slot.place.declaration().name(), life(slot));
        }
    }

    private void lifeEnded(InlineSlot slot, ExitReason said, String detail, boolean stay, int code) {
        long now = System.nanoTime();
        InlineLife life = life(slot);
        Death death = burial.bury(slot, life, said, detail, code, now);
        ExitReason reason = death.reason();
        listeners.ended(slot, death);
        boolean wanted = phase == Phase.RUNNING && Burial.wanted(slot, reason, stay, code);
        boolean ordered = slot.order != InlineSlot.Order.NONE || reason == ExitReason.RECYCLE;
        slot.past = slot.past.after(slot.readyAt == 0 ? 0 : now - slot.readyAt);
        long delay = 0;
        if (!ordered && (slot.readyAt == 0 || life.slot().unitsDone() == 0)) {
            slot.past = slot.past.another(now);
            double random = ThreadLocalRandom.current().nextDouble();
            delay = slot.past.pause(slot.place.role(), now - slot.startedAt, false, random);
        }
        slot.due = now + delay;
        if (!wanted) {
            slot.state = InlineSlot.State.STOPPED;
        } else if (hopeless(slot)) {
            slot.state = InlineSlot.State.STOPPED;
            exitCode = reason == ExitReason.CONFIG ? ExitCode.CONFIGURATION : ExitCode.NOTHING_BOOTED;
            LOG.log(
                    Level.ERROR,
                    slot.place.name() + " failed to boot " + Failures.HOPELESS
                            + " times and nothing else became ready");
            stop(false);
        } else {
            slot.state = delay > 0 && slot.past.quarantined() ? InlineSlot.State.QUARANTINE : InlineSlot.State.BACKOFF;
            if (delay > 0) {
                LOG.log(Level.INFO, slot.place.name() + " restarts in " + delay / 1_000_000 + " ms");
            }
        }
    }

    /// Nothing was ever ready, and nothing is still at its first try.
    private boolean hopeless(InlineSlot dead) {
        if (everReady || dead.past.inARow() < Failures.HOPELESS) {
            return false;
        }
        return slots.stream().noneMatch(slot -> slot != dead && slot.state.live() && slot.past.inARow() == 0);
    }

    private static InlineLife life(InlineSlot slot) {
        InlineLife life = slot.life;
        if (life == null) {
            throw new IllegalStateException("slot " + slot.place.number() + " is " + slot.state + " without a life");
        }
        return life;
    }

    private long nanos(String key) {
        return TimeUnit.MILLISECONDS.toNanos(settings.millis(key));
    }
}
