package dev.muster.console;

import dev.muster.task.Broker;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Broker.TaskView;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// The numbers of a demo: under way, and at its end.
///
/// **Threads:** one owner.
final class DemoAccount {
    private static final QueueCounts NONE = new QueueCounts(0, 0, 0, 0, 0, 0, 0, 0);
    private static final String DEAD = "dead.";

    private final Broker broker;
    private final Instance instance;
    private QueueCounts counts = NONE;
    private long lastEnded;

    DemoAccount(Broker broker, Instance instance) {
        this.broker = broker;
        this.instance = instance;
    }

    /// Whether every accepted message has ended.
    boolean closed() {
        counts = broker.counts().getOrDefault(DemoMessages.QUEUE, NONE);
        return counts.ready() + counts.scheduled() + counts.running() == 0;
    }

    /// One line, with the messages that have ended since the last one.
    String progress(long seconds) {
        boolean _ = closed();
        long ended = counts.done() + counts.dead();
        long rate = ended - lastEnded;
        lastEnded = ended;
        return seconds + " s  done " + counts.done() + "  dead " + counts.dead() + "  ready "
                + (counts.ready() + counts.scheduled()) + "  running " + counts.running() + "  deaths " + restarts()
                + "  " + rate + "/s";
    }

    /// Prints the account.
    ///
    /// @param accepted how many ids enqueue has returned
    /// @param byChance whether a task may have died of something that the messages do not say
    /// @return whether it closes, and says what was expected
    boolean print(PrintWriter out, long accepted, DemoMessages messages, boolean byChance) {
        boolean closed = closed();
        Map<String, Long> dead = new TreeMap<>();
        for (TaskView task : broker.dead(Math.toIntExact(Math.max(1, counts.dead())))) {
            long _ = dead.merge(task.reason(), 1L, Long::sum);
        }
        printDead(out, dead, messages);
        out.println();
        printDeaths(out);
        out.println();
        long unaccounted = accepted - counts.done() - counts.dead();
        out.println("accepted " + accepted + "  done " + counts.done() + "  dead " + counts.dead() + "  unaccounted "
                + unaccounted);
        // The reasons are shown, not judged: on a busy machine a task that fills its heap may meet its deadline first.
        boolean all = accepted == messages.number("accepted") && counts.done() == messages.number("done");
        return closed && unaccounted == 0 && (byChance || all);
    }

    private static void printDead(PrintWriter out, Map<String, Long> dead, DemoMessages messages) {
        TreeSet<String> reasons = new TreeSet<>(dead.keySet());
        for (String name : messages.expected().keySet()) {
            if (name.startsWith(DEAD)) {
                boolean _ = reasons.add(name.substring(DEAD.length()));
            }
        }
        Table table = new Table("DEAD LETTERS", ">NUMBER", ">EXPECTED");
        for (String reason : reasons) {
            long found = dead.getOrDefault(reason, 0L);
            long expected = messages.number(DEAD + reason);
            table.row(reason, found, expected);
        }
        table.print(out);
    }

    private void printDeaths(PrintWriter out) {
        Map<String, Long> deaths = new TreeMap<>();
        for (Json death : Json.array(Control.ask(instance, "deaths", Map.of(), _ -> {}))) {
            long _ = deaths.merge(Texts.exit(death), 1L, Long::sum);
        }
        Table table = new Table("DEATHS OF PROCESSES", ">NUMBER");
        deaths.forEach(table::row);
        table.print(out);
    }

    private long restarts() {
        List<Json> rows = Json.array(Control.ask(instance, "ps", Map.of(), _ -> {}));
        return rows.stream().mapToLong(row -> row.number("restarts")).sum();
    }
}
