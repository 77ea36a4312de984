package dev.muster.inline;

import dev.muster.InstanceFactory;
import dev.muster.board.BoardSlot;
import dev.muster.config.Settings;
import dev.muster.control.Message;
import dev.muster.control.Message.DeadWorker;
import dev.muster.scan.ProcessMap;
import dev.muster.scan.TaskDeclaration;
import dev.muster.worker.InlineLife;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/// Starts lives: what each is told, and where it shows what it does.
///
/// **Threads:** [#start] of the supervision, under its lock; what lives ask of it, from any.
final class Nursery {
    private final Settings settings;
    private final ClassLoader loader;
    private final InstanceFactory instances;
    private final List<String> listeners;
    private final List<Map<String, String>> tasks = new ArrayList<>();
    private final InlineLife.Surroundings surroundings;
    private final Map<Integer, BoardSlot> shown = new ConcurrentHashMap<>();

    /// @param post where the sockets for messages are
    Nursery(Settings settings, ProcessMap map, ClassLoader loader, InstanceFactory instances, Path post) {
        this.settings = settings;
        this.loader = loader;
        this.instances = instances;
        listeners = map.listeners();
        for (TaskDeclaration task : map.tasks()) {
            tasks.add(task.toMap());
        }
        surroundings = new InlineLife.Surroundings(post, slot -> Objects.requireNonNull(shown.get(slot)));
    }

    /// Starts a life in a slot.
    ///
    /// @param number how often the slot was filled
    /// @param dead whose work it is to give back first
    InlineLife start(Place place, int number, List<DeadWorker> dead, InlineLife.Master ear) {
        Message.Welcome welcome = new Message.Welcome(
                place.number(),
                place.number(),
                number,
                false,
                place.role(),
                place.name(),
                place.declaration().toMap(),
                settings.effective(),
                tasks,
                listeners,
                dead);
        BoardSlot fresh = BoardSlot.inMemory(place.number());
        shown.put(place.number(), fresh);
        return InlineLife.start(welcome, Incarnations.next(), fresh, loader, instances, surroundings, ear);
    }
}
