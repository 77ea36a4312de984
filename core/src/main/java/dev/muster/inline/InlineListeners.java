package dev.muster.inline;

import dev.muster.Role;
import dev.muster.WorkerFailure;
import dev.muster.control.Announcements;
import dev.muster.control.Message;
import dev.muster.control.Message.Occasion;
import dev.muster.observe.Death;
import dev.muster.worker.InlineLife;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Chooses the worker whose listeners are told what happens to the application: the first that works, in the order of
/// roles.
///
/// **Threads:** guarded by the lock of [Supervision].
final class InlineListeners implements Announcements.Listening<InlineLife> {
    private static final System.Logger LOG = System.getLogger("dev.muster.inline");

    private final List<InlineSlot> slots;
    private final boolean listened;
    private final Announcements<InlineLife> announcements =
            new Announcements<>(this, text -> LOG.log(Level.WARNING, text));

    /// @param slots in the order of their roles
    /// @param listened whether the application has listeners
    InlineListeners(List<InlineSlot> slots, boolean listened) {
        this.slots = slots;
        this.listened = listened;
    }

    /// Looks at the slots.
    void look() {
        if (listened) {
            announcements.look();
        }
    }

    /// The application begins to stop; told at once, before its slots are.
    void stopping() {
        if (listened) {
            announcements.happened(Occasion.SHUTDOWN);
            announcements.look();
        }
    }

    /// A life is over.
    void ended(InlineSlot slot, Death death) {
        if (listened && WorkerFailure.is(death.reason())) {
            announcements.failed(new WorkerFailure(
                    death.slot(),
                    slot.place.role(),
                    death.name(),
                    death.pid(),
                    death.reason(),
                    death.code(),
                    death.signal()));
        }
    }

    /// The listeners of a life know.
    void told(long number) {
        announcements.told(number);
    }

    @Override
    public Optional<InlineLife> choose(boolean newest) {
        for (InlineSlot slot : slots) {
            Role role = slot.place.role();
            boolean listens = role == Role.WEB || role == Role.TASK || role == Role.POOL;
            if (listens && slot.state == InlineSlot.State.RUNNING) {
                @Nullable InlineLife life = slot.life;
                return Optional.ofNullable(life);
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean lives(InlineLife process) {
        return slots.stream().anyMatch(slot -> slot.life == process && slot.state.live());
    }

    @Override
    public void tell(InlineLife process, Message.Announcement message) {
        process.announce(message);
    }
}
