package dev.muster.supervise;

import dev.muster.control.ControlServer.Connection;
import dev.muster.control.Message;
import dev.muster.control.Message.SlotLine;
import dev.muster.scan.TaskDeclaration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What children say, turned into events; and the answers they get. **Threads:** belongs to the master's loop.
final class ChildDesk {
    private final MasterLoop loop;
    private final Roster roster;
    private final Workers workers;
    private final Estate estate;
    private final HealthDesk health;
    private final Measuring measuring;
    private final ListenerDesk listeners;
    private final Consumer<String> reload;
    private final long startedAt = System.currentTimeMillis();
    /// Said before the spawner's own report was heard; answered with it.
    private final Map<Long, Early> early = new HashMap<>();

    private record Early(Connection connection, Message.Hello hello) {}

    /// @param reload carries out a reload that user code orders, by its scope
    ChildDesk(
            MasterLoop loop,
            Roster roster,
            Workers workers,
            Estate estate,
            HealthDesk health,
            Measuring measuring,
            ListenerDesk listeners,
            Consumer<String> reload) {
        this.loop = loop;
        this.roster = roster;
        this.workers = workers;
        this.estate = estate;
        this.health = health;
        this.measuring = measuring;
        this.listeners = listeners;
        this.reload = reload;
    }

    /// The spawner has made the process; it may have spoken already.
    void spawned(Event.Spawned event) {
        WorkerHandle worker = workers.find(event.life());
        if (worker == null) {
            return;
        }
        worker.pid(event.pid());
        loop.post(event);
        Early hello = early.remove(event.pid());
        if (hello != null) {
            loop.execute(() -> greet(hello.connection(), hello.hello()));
        }
    }

    /// The first message of a child: only the process that was spawned with this token may say it.
    void greet(Connection connection, Message.Hello hello) {
        WorkerHandle worker = withToken(hello.token());
        if (worker == null || !connection.mayBe(hello.pid())) {
            connection.close();
            return;
        }
        if (worker.pid() == 0) {
            early.put(hello.pid(), new Early(connection, hello));
            return;
        }
        if (worker.pid() != hello.pid()) {
            connection.close();
            return;
        }
        worker.connected(connection);
        connection.attach(worker);
        loop.post(new Event.Greeted(System.nanoTime(), worker.life()));
        ChildSpec spec = worker.place().spec();
        Generation generation = worker.generation();
        connection.send(new Message.Welcome(
                spec.slot(),
                worker.seat(),
                worker.life(),
                spec.spare(),
                spec.role(),
                spec.name(),
                worker.place().declaration().toMap(),
                generation.settings().effective(),
                generation.map().tasks().stream().map(TaskDeclaration::toMap).toList(),
                generation.map().listeners(),
                estate.welcome(worker)));
    }

    private @Nullable WorkerHandle withToken(String token) {
        for (WorkerHandle worker : workers.all()) {
            if (worker.hasToken(token)) {
                return worker;
            }
        }
        return null;
    }

    /// Whether this is a process that is not buried yet.
    boolean current(WorkerHandle worker) {
        return workers.find(worker.life()) == worker;
    }

    /// @return false if there is no slot of which it speaks
    boolean heard(WorkerHandle worker, Message.FromChild message) {
        if (!current(worker)) {
            return true;
        }
        int life = worker.life();
        long now = System.nanoTime();
        switch (message) {
            case Message.Ready _ -> {
                loop.post(new Event.BecameReady(now, life));
                // When that is decided: a death before it was not announced to one that boots yet.
                loop.execute(() -> estate.booted(worker));
                boolean limited = worker.place().spec().traits().recycling().memory() != 0;
                measuring.watch(life, worker.pid(), limited);
            }
            case Message.TookUp _ -> {
                loop.post(new Event.TookUp(now, life));
                estate.exitings(List.of(worker));
            }
            case Message.Extend e -> loop.post(new Event.Extended(now, life, e.millis() * 1_000_000, e.reason()));
            case Message.Quieted _ -> loop.post(new Event.Quieted(now, life));
            case Message.Retiring e -> loop.post(new Event.Retiring(now, life, e.reason()));
            case Message.Stalled e -> loop.post(new Event.Stalled(now, life, e.reason()));
            case Message.Outage e -> worker.outage(e.reason());
            case Message.Released _ -> worker.releasedAll();
            case Message.Bye e -> loop.post(new Event.SaidBye(now, life, e.reason(), e.detail(), e.stay()));
            case Message.Dumped e -> worker.dumped(e);
            case Message.Reclaimed e -> estate.reclaimed(e.incarnation());
            case Message.ExitingRan e -> estate.exitingRan(worker, e.incarnation(), workers.working(loop.state()));
            case Message.Announced e -> listeners.told(e.number());
            case Message.StopSlot e -> {
                if (e.slot() < 0 || e.slot() >= roster.size()) {
                    return false;
                }
                loop.post(new Event.StopSlot(now, e.slot()));
            }
            case Message.OrderReload e -> reload.accept(e.scope());
            case Message.Shutdown _ -> loop.post(new Event.StopAll(now, false));
            case Message.StatsRequest e ->
                worker.send(new Message.StatsReply(e.request(), startedAt, health.health(), lines()));
        }
        return true;
    }

    private List<SlotLine> lines() {
        List<SlotLine> lines = new ArrayList<>();
        for (Slot slot : loop.state().slots()) {
            Optional<Workers.Present> present = workers.of(slot);
            lines.add(new SlotLine(
                    slot.number(),
                    slot.spec().role(),
                    slot.spec().name(),
                    present.map(now -> now.worker().pid()).orElse(0L),
                    slot.state().name(),
                    present.map(Workers.Present::uptimeMillis).orElse(0L),
                    slot.history().restarts(),
                    present.map(now -> now.worker().board().unitsDone()).orElse(0L),
                    present.map(now -> now.worker().board().unitsFailed()).orElse(0L),
                    present.map(now -> now.worker().board().backlog()).orElse(0)));
        }
        return lines;
    }
}
