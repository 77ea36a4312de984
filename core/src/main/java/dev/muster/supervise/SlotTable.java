package dev.muster.supervise;

import dev.muster.observe.DeathLog;
import dev.muster.observe.SlotRow;
import dev.muster.os.ProcFs;
import dev.muster.os.ProcStat;
import java.util.ArrayList;
import java.util.List;

/// What `muster ps` shows of each slot.
///
/// **Threads:** belongs to the master's loop.
final class SlotTable {
    private final MasterLoop loop;
    private final Workers workers;
    private final DeathLog deaths;

    SlotTable(MasterLoop loop, Workers workers, DeathLog deaths) {
        this.loop = loop;
        this.workers = workers;
        this.deaths = deaths;
    }

    List<SlotRow> rows() {
        List<SlotRow> rows = new ArrayList<>();
        for (Slot slot : loop.state().slots()) {
            rows.add(workers.of(slot).map(present -> row(slot, present)).orElseGet(() -> empty(slot)));
        }
        return rows;
    }

    private SlotRow row(Slot slot, Workers.Present present) {
        WorkerHandle worker = present.worker();
        Life life = present.life();
        long rss = ProcFs.stat(worker.pid()).map(ProcStat::rssBytes).orElse(0L);
        return new SlotRow(
                slot.number(),
                slot.spec().role(),
                slot.spec().name(),
                worker.pid(),
                life.generation(),
                life.state().name(),
                present.uptimeMillis(),
                slot.history().restarts(),
                rss,
                MasterHands.working(worker.board(), ""),
                worker.board().unitsDone(),
                worker.board().unitsFailed(),
                worker.board().backlog(),
                worker.board().connections(),
                slot.spec().spare(),
                slot.paused(),
                life.footprint().memory(),
                life.footprint().gcPercent(),
                others(slot),
                deaths.last(slot.number()));
    }

    private SlotRow empty(Slot slot) {
        return new SlotRow(
                slot.number(),
                slot.spec().role(),
                slot.spec().name(),
                0,
                slot.generation(),
                slot.state().name(),
                0,
                slot.history().restarts(),
                0,
                "",
                0,
                0,
                0,
                0,
                slot.spec().spare(),
                slot.paused(),
                0,
                0,
                others(slot),
                deaths.last(slot.number()));
    }

    private static List<SlotRow.Other> others(Slot slot) {
        List<SlotRow.Other> others = new ArrayList<>();
        for (Life life : slot.lives()) {
            if (!life.equals(slot.present())) {
                String part = life.equals(slot.heir()) ? "replacement" : "leaving";
                others.add(new SlotRow.Other(
                        part, life.pid(), life.generation(), life.state().name()));
            }
        }
        return others;
    }
}
