package dev.muster.console.chaos;

import dev.muster.os.Signals;
import java.util.List;

/// Signals from outside that end a process, or try to.
final class Kills {
    private static final int ALRM = Signals.number("ALRM");

    private Kills() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario("kill-worker", "1,4", "kill -9 of a pool worker that runs a task", Kills::worker),
                new Scenario("kill-taker", "4", "kill -9 of a task worker that runs a task", Kills::taker),
                new Scenario("kill-all", "2", "kill -9 of all workers at once", Kills::everyWorker),
                new Scenario("kill-user", "3", "kill -9 of a user process in the middle of a run", Kills::userProcess),
                new Scenario("spare", "1", "kill -9 of a worker for which a spare waits", Kills::withSpare),
                new Scenario("segv", "28", "a crash of the virtual machine (SIGSEGV)", Kills::crash),
                new Scenario("term-worker", "52", "TERM from outside to a worker that runs a task", Kills::terminate),
                new Scenario("usr1", "53", "USR1 from outside", Kills::harmless),
                new Scenario("alrm", "53", "ALRM from outside", Kills::alarm));
    }

    private static long worker(Arena arena) {
        return killHolder(arena, Workload.HANDS);
    }

    private static long taker(Arena arena) {
        return killHolder(arena, Workload.DEFAULT);
    }

    /// @return from the kill to the second start of the task
    static long killHolder(Arena arena, String queue) {
        String key = arena.work().put(queue, "hold");
        Ledger.Attempt first = arena.begun(key, 1);
        long struck = arena.signal(first.pid(), Signals.KILL);
        Ledger.Attempt second = arena.begun(key, 2);
        Unmet.unless(second.pid() != first.pid(), "the task was started again by the process that was killed");
        arena.release(key);
        Fatality _ = arena.died(first.pid(), "SIGNAL signal 9");
        Unmet.unless(arena.ledger().attempts(key).size() == 2, "the task was started more than twice");
        return second.begun() - struck;
    }

    private static long everyWorker(Arena arena) {
        List<Row> workers = arena.stage().rows().stream()
                .filter(row ->
                        !row.spare() && (row.role().equals("pool") || row.role().equals("task")))
                .toList();
        long struck = System.nanoTime();
        workers.forEach(row -> arena.signal(row.pid(), Signals.KILL));
        workers.forEach(row -> arena.replaced(row.name(), row.pid()));
        long back = System.nanoTime();
        arena.done(arena.work().put(Workload.HANDS, "note"));
        arena.done(arena.work().put(Workload.DEFAULT, "note"));
        return back - struck;
    }

    private static long userProcess(Arena arena) {
        Row before = arena.proven(Arena.TICKER);
        arena.orders().give("ticker", "long");
        Ledger.Attempt open = Waiting.until(
                "a run that lasts",
                Waiting.PATIENCE,
                () -> arena.ledger().attempts("tick").stream()
                        .filter(run ->
                                run.pid() == before.pid() && arena.ledger().ended(run) == 0)
                        .findFirst());
        long struck = arena.signal(before.pid(), Signals.KILL);
        Row after = arena.replaced(Arena.TICKER, before.pid());
        arena.orders().revoke("ticker");
        arena.orders().give("ticker-goes-on", "now");
        Ledger.Attempt next = Waiting.until(
                "the next run",
                Waiting.PATIENCE,
                () -> arena.ledger().attempts("tick").stream()
                        .filter(run -> run.begun() > open.begun())
                        .findFirst());
        Unmet.unless(
                next.pid() == after.pid(),
                "the run after the kill belongs to pid " + next.pid() + ", not to that of the slot, " + after.pid());
        Unmet.unless(next.begun() > struck, "a run began while another one was under way");
        Fatality _ = arena.died(before.pid(), "SIGNAL signal 9");
        return next.begun() - struck;
    }

    private static long withSpare(Arena arena) {
        Row spare = Waiting.until(
                "a spare that waits",
                Waiting.PATIENCE,
                () -> arena.stage().rows().stream()
                        .filter(row -> row.spare()
                                && row.group().equals(Arena.HANDS)
                                && row.state().equals("READY"))
                        .findFirst());
        Row victim = arena.proven(Arena.HANDS);
        long struck = arena.signal(victim.pid(), Signals.KILL);
        Row after = arena.replaced(victim.name(), victim.pid());
        long back = System.nanoTime();
        Unmet.unless(
                after.pid() == spare.pid(),
                "the place of pid " + victim.pid() + " was taken by " + after.pid() + ", not by the spare, "
                        + spare.pid());
        long _ = Waiting.untilTrue("a new spare", Waiting.PATIENCE, () -> {
            Row now = arena.row(spare.name());
            return now.state().equals("READY") && now.pid() != spare.pid();
        });
        return back - struck;
    }

    private static long crash(Arena arena) {
        Row victim = arena.proven(Arena.HANDS);
        long struck = arena.signal(victim.pid(), Signals.SEGV);
        Row _ = arena.replaced(victim.name(), victim.pid());
        long back = System.nanoTime();
        Fatality death = Waiting.until(
                "the report of the crash",
                Waiting.PATIENCE,
                () -> arena.stage().deaths().stream()
                        .filter(one -> one.pid() == victim.pid())
                        .findFirst());
        Unmet.unless(death.reason().equals("CRASH"), "the crash is reported as '" + death.cause() + "'");
        return back - struck;
    }

    private static long terminate(Arena arena) {
        String key = arena.work().put(Workload.HANDS, "hold");
        Ledger.Attempt first = arena.begun(key, 1);
        Row victim = arena.stage().rows().stream()
                .filter(row -> row.pid() == first.pid())
                .findFirst()
                .orElseThrow(() -> new Unmet("no slot has pid " + first.pid()));
        long struck = arena.signal(first.pid(), Signals.TERM);
        arena.release(key);
        Row _ = arena.replaced(victim.name(), first.pid());
        long back = System.nanoTime();
        Fatality _ = arena.died(first.pid(), "SIGNAL signal 15");
        Unmet.unless(arena.ledger().attempts(key).size() == 1, "the task that was under way was started again");
        return back - struck;
    }

    private static long harmless(Arena arena) {
        Row before = arena.proven(Arena.HANDS);
        long struck = arena.signal(before.pid(), Signals.USR1);
        Row after = Waiting.until(
                "work after the signal",
                Waiting.PATIENCE,
                () -> arena.find(before.name())
                        .filter(row -> row.pid() != before.pid() || row.units() > before.units()));
        Unmet.unless(after.pid() == before.pid(), "the process did not live through USR1");
        return System.nanoTime() - struck;
    }

    private static long alarm(Arena arena) {
        Row victim = arena.proven(Arena.HANDS);
        long struck = arena.signal(victim.pid(), ALRM);
        Row _ = arena.replaced(victim.name(), victim.pid());
        long back = System.nanoTime();
        Fatality _ = arena.died(victim.pid(), "SIGNAL signal 14");
        return back - struck;
    }
}
