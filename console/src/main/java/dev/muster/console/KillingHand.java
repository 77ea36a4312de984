package dev.muster.console;

import dev.muster.os.ProcFs;
import dev.muster.os.Signals;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Kills a random task or pool worker of a demo again and again; the seed decides whom and when. It spares those that
/// have not finished a task yet: whoever kills each replacement before it can work only shows the back-off of restarts.
///
/// **Threads:** to be run on one of its own. **Lifetime:** until the demo is over. **Failure:** ends when the master
/// cannot be asked any more.
final class KillingHand implements Runnable {
    private static final int MEAN_PAUSE = 300;

    private final Background master;
    private final Random random;
    private final CountDownLatch over;

    KillingHand(Background master, long seed, CountDownLatch over) {
        this.master = master;
        this.random = new Random(seed);
        this.over = over;
    }

    @Override
    public void run() {
        try {
            while (!over.await(MEAN_PAUSE / 2 + random.nextInt(MEAN_PAUSE), TimeUnit.MILLISECONDS)) {
                strike();
            }
        } catch (Refusal _) {
            // the master is gone; the demo itself reports that
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void strike() {
        List<Json> workers = Json.array(Control.ask(master.instance(), "ps", Map.of(), _ -> {})).stream()
                .filter(row ->
                        row.text("role").equals("pool") || row.text("role").equals("task"))
                .toList();
        Json chosen = workers.get(random.nextInt(workers.size()));
        boolean worked = chosen.number("done") + chosen.number("failed") > 0;
        if (worked && isOurs(chosen.number("pid"))) {
            boolean _ = Signals.send(chosen.number("pid"), Signals.KILL);
        }
    }

    /// The pid may have ended since the master reported it: only a child of this master is struck.
    private boolean isOurs(long pid) {
        return pid > 1
                && ProcFs.stat(pid).map(stat -> stat.ppid() == master.pid()).orElse(false);
    }
}
