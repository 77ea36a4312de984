package dev.muster.supervise;

import dev.muster.Role;
import dev.muster.control.ControlServer.Connection;
import dev.muster.control.Message;
import dev.muster.control.Message.SlotLine;
import dev.muster.scan.TaskDeclaration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What children say, turned into events; and the answers they get. **Threads:** belongs to the master's loop.
final class ChildDesk {
    private final MasterLoop loop;
    private final List<WorkerHandle> workers;
    private final Estate estate;
    private final HealthDesk health;
    private final Map<String, String> settings;
    private final List<Map<String, String>> tasks;
    private final long startedAt = System.currentTimeMillis();
    /// Said before the spawner's own report was heard; answered with it.
    private final Map<Long, Early> early = new HashMap<>();

    private record Early(Connection connection, Message.Hello hello) {}

    ChildDesk(
            MasterLoop loop,
            List<WorkerHandle> workers,
            Estate estate,
            HealthDesk health,
            Map<String, String> settings,
            List<TaskDeclaration> tasks) {
        this.loop = loop;
        this.workers = List.copyOf(workers);
        this.estate = estate;
        this.health = health;
        this.settings = settings;
        this.tasks = tasks.stream().map(TaskDeclaration::toMap).toList();
    }

    /// The spawner has made the process; it may have spoken already.
    void spawned(Event.Spawned event) {
        WorkerHandle worker = workers.get(event.slot());
        if (worker.life() != event.life()) {
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
        if (worker == null || hello.pid() != connection.pid()) {
            connection.close();
            return;
        }
        if (worker.pid() == 0) {
            early.put(hello.pid(), new Early(connection, hello));
            return;
        }
        if (worker.pid() != connection.pid()) {
            connection.close();
            return;
        }
        worker.connected(connection);
        connection.attach(new Seat(worker, worker.life()));
        loop.post(new Event.Greeted(System.nanoTime(), worker.slot(), worker.life()));
        Role role = worker.place().spec().role();
        boolean runsTasks = role == Role.TASK || role == Role.POOL;
        connection.send(new Message.Welcome(
                worker.slot(),
                worker.life(),
                role,
                worker.place().name(),
                worker.place().declaration().toMap(),
                settings,
                tasks,
                runsTasks ? estate.unclaimed() : List.of()));
    }

    private @Nullable WorkerHandle withToken(String token) {
        for (WorkerHandle worker : workers) {
            if (worker.hasToken(token)) {
                return worker;
            }
        }
        return null;
    }

    /// A child and the life it had when it connected.
    record Seat(WorkerHandle worker, int life) {
        boolean current() {
            return worker.life() == life;
        }
    }

    /// @return false if a child has no business to say this
    boolean heard(Seat seat, Message message) {
        if (!seat.current()) {
            return true;
        }
        int slot = seat.worker().slot();
        int life = seat.life();
        long now = System.nanoTime();
        switch (message) {
            case Message.Ready _ -> {
                loop.post(new Event.BecameReady(now, slot, life));
                estate.ready(seat.worker());
            }
            case Message.Bye e -> loop.post(new Event.SaidBye(now, slot, life, e.reason(), e.detail(), e.stay()));
            case Message.Dumped e -> seat.worker().dumped(e);
            case Message.Reclaimed e -> estate.reclaimed(e.incarnation());
            case Message.ExitingRan e -> estate.exitingRan(e.incarnation());
            case Message.StopSlot e -> {
                if (e.slot() < 0 || e.slot() >= workers.size()) {
                    return false;
                }
                loop.post(new Event.StopSlot(now, e.slot()));
            }
            case Message.Shutdown _ -> loop.post(new Event.StopAll(now, false));
            case Message.StatsRequest e ->
                seat.worker().send(new Message.StatsReply(e.request(), startedAt, health.health(), lines()));
            case Message.Hello _,
                    Message.Welcome _,
                    Message.Stop _,
                    Message.Dump _,
                    Message.Reclaim _,
                    Message.RunExiting _,
                    Message.StatsReply _,
                    Message.Command _,
                    Message.Progress _,
                    Message.Reply _ -> {
                return false;
            }
        }
        return true;
    }

    private List<SlotLine> lines() {
        List<SlotLine> lines = new ArrayList<>();
        SupervisorState state = loop.state();
        for (WorkerHandle worker : workers) {
            Slot slot = state.slots().get(worker.slot());
            boolean live = slot.state().live();
            lines.add(new SlotLine(
                    worker.slot(),
                    slot.spec().role(),
                    worker.place().name(),
                    live ? worker.pid() : 0,
                    slot.state().name(),
                    live ? (System.nanoTime() - slot.life().spawnedAt()) / 1_000_000 : 0,
                    slot.history().restarts(),
                    live ? worker.board().unitsDone() : 0,
                    live ? worker.board().unitsFailed() : 0));
        }
        return lines;
    }
}
