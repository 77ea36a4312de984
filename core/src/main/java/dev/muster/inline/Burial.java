package dev.muster.inline;

import dev.muster.ExitReason;
import dev.muster.Role;
import dev.muster.WorkerFailure;
import dev.muster.observe.Death;
import dev.muster.observe.DeathLog;
import dev.muster.scan.Declaration;
import dev.muster.worker.InlineLife;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;

/// What is to be said and done about a life that is over: the book of deaths, and what it leaves behind.
///
/// **Threads:** guarded by the lock of [Supervision].
final class Burial {
    private static final System.Logger LOG = System.getLogger("dev.muster.inline");

    private final DeathLog deaths = new DeathLog();
    private final List<InlineSlot> slots;
    private final InlineEstate estate;

    Burial(List<InlineSlot> slots, InlineEstate estate) {
        this.slots = slots;
        this.estate = estate;
    }

    DeathLog deaths() {
        return deaths;
    }

    /// @param said the reason that the life itself gave
    Death bury(InlineSlot slot, InlineLife life, ExitReason said, String detail, int code, long now) {
        ExitReason reason = switch (slot.stuck) {
            case "" -> said;
            case "boot" -> ExitReason.BOOT_FAIL;
            case "deadline", "silent" -> ExitReason.STUCK;
            default -> ExitReason.REQUESTED;
        };
        boolean late = !slot.stuck.isEmpty();
        Death death = new Death(
                slot.place.number(),
                slot.place.name(),
                ProcessHandle.current().pid(),
                reason,
                reason == ExitReason.STUCK ? slot.stuck : "",
                code,
                0,
                (now - slot.startedAt) / 1_000_000,
                late ? slot.task : slot.working(),
                late ? "interrupted, and ended " + (now - slot.stuckAt) / 1_000_000 + " ms later" : detail,
                System.currentTimeMillis(),
                slot.evidence);
        deaths.add(death);
        LOG.log(WorkerFailure.is(reason) ? Level.WARNING : Level.INFO, slot.place.name() + " " + death.sentence());
        leaveBehind(slot, life, said, death);
        return death;
    }

    private void leaveBehind(InlineSlot slot, InlineLife life, ExitReason said, Death death) {
        if (!(slot.place.declaration() instanceof Declaration.Workers declared)) {
            return;
        }
        List<String> started = slot.started();
        if (!started.isEmpty() || (slot.readyAt != 0 && !slot.released)) {
            List<InlineLife> living = new ArrayList<>();
            for (InlineSlot other : slots) {
                if (other != slot && other.state.live() && other.life != null) {
                    living.add(other.life);
                }
            }
            estate.announce(life.incarnation(), declared, started, death.sentence(), living);
        }
        if (declared.role() == Role.POOL && said == ExitReason.OOM) {
            String text = life.slot().text();
            estate.announceExiting(life.incarnation(), declared.name(), said, text);
        }
    }

    /// Whether the slot is to be filled again.
    static boolean wanted(InlineSlot slot, ExitReason reason, boolean stay, int code) {
        return switch (slot.order) {
            case STOP -> false;
            case RESTART -> true;
            case NONE ->
                !stay
                        && switch (slot.place.policy()) {
                            case ALWAYS -> true;
                            case ON_FAILURE ->
                                code != 0 || reason == ExitReason.BOOT_FAIL || reason == ExitReason.STUCK;
                            case NEVER -> false;
                        };
        };
    }
}
