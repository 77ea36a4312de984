package dev.muster.system.ledger;

import dev.muster.system.apps.Ledger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// Compares the ledger with the store. It knows nothing of Muster but what is promised: no accepted task is lost, and a
/// task is started again only if it had been started in a process that died, or that was frozen past its lease.
final class Judge {
    /// A done task of which the store keeps nothing any more.
    static final String DONE = "DONE";

    /// The outcomes that may wait to be stored, and one task that runs: no more of its tasks can be started again
    /// when a process dies.
    static final int UNSTORED = 257;

    private final Map<String, String> accepted;
    private final Map<String, Kept> store;
    private final LongPredicate died;
    private final Map<Long, Integer> frozen;
    private final Map<String, List<Line>> starts = new HashMap<>();
    private final Map<String, List<Line>> finishes = new HashMap<>();
    private final Map<Long, List<Line>> byProcess = new LinkedHashMap<>();
    private final List<String> complaints = new ArrayList<>();
    private int lost;
    private int extra;

    /// What the store says of a task.
    ///
    /// @param state as in `TaskView`
    /// @param reason of its death, else empty
    /// @param result the token of the attempt whose end was accepted, empty if there is none
    record Kept(String state, String reason, String result) {
        /// The one word that says what became of it.
        String fate() {
            return state.equals("DEAD") ? reason : state;
        }
    }

    /// What it found.
    ///
    /// @param lost accepted tasks that came to no end
    /// @param extra starts beyond the first of each task
    /// @param allowed how many there may be: what had been started in processes that died and could not be known to
    ///     be stored, and the claims whose lease ran out
    /// @param died processes that died
    /// @param complaints each promise that was broken; empty if all is well
    record Verdict(int lost, int extra, int allowed, int died, List<String> complaints) {}

    private record Line(boolean start, String id, long token, long pid) {}

    /// @param accepted each accepted task with its fate: DONE, or the reason of its death
    /// @param store what the store keeps; what is not in it is done
    /// @param died whether a process is dead
    /// @param frozen processes that were frozen past their leases, with the number of claims that each had
    private Judge(
            Map<String, String> accepted, Map<String, Kept> store, LongPredicate died, Map<Long, Integer> frozen) {
        this.accepted = accepted;
        this.store = store;
        this.died = died;
        this.frozen = frozen;
    }

    static Verdict judge(
            Map<String, String> accepted,
            List<Ledger.Entry> ledger,
            Map<String, Kept> store,
            LongPredicate died,
            Map<Long, Integer> frozen) {
        return new Judge(accepted, store, died, frozen).judge(ledger);
    }

    private Verdict judge(List<Ledger.Entry> ledger) {
        ledger.forEach(this::read);
        for (Map.Entry<String, String> task : accepted.entrySet()) {
            judgeTask(task.getKey(), task.getValue());
        }
        int allowed = 0;
        int dead = 0;
        for (Map.Entry<Long, List<Line>> process : byProcess.entrySet()) {
            allowed += judgeProcess(process.getKey(), process.getValue());
            dead += died.test(process.getKey()) ? 1 : 0;
        }
        return new Verdict(lost, extra, allowed, dead, List.copyOf(complaints));
    }

    private void read(Ledger.Entry entry) {
        String[] words = entry.text().split(" ", -1);
        Line line = new Line(words[0].equals("started"), words[1], Long.parseLong(words[2]), entry.pid());
        if (!accepted.containsKey(line.id)) {
            complaints.add(line.id + " was never accepted, and yet there is: " + entry.text());
            return;
        }
        Map<String, List<Line>> lines = line.start ? starts : finishes;
        List<Line> ofTask = lines.computeIfAbsent(line.id, _ -> new ArrayList<>());
        if (ofTask.stream().anyMatch(other -> other.token == line.token)) {
            complaints.add(line.id + " twice under one token: " + entry.text());
        }
        ofTask.add(line);
        if (line.start) {
            byProcess.computeIfAbsent(line.pid, _ -> new ArrayList<>()).add(line);
        } else if (!starts.getOrDefault(line.id, List.of()).contains(new Line(true, line.id, line.token, line.pid))) {
            complaints.add(line.id + " finished without a start: " + entry.text());
        }
    }

    private void judgeTask(String id, String expected) {
        Kept kept = store.get(id);
        String fate = kept == null ? DONE : kept.fate();
        if (!fate.equals(expected)) {
            complaints.add(id + " should be " + expected + " and is " + fate);
        }
        List<Line> ofTask = starts.getOrDefault(id, List.of());
        extra += Math.max(0, ofTask.size() - 1);
        @Nullable Line last = last(ofTask);
        if (last == null) {
            lose(id + " was never started, and is " + fate);
        } else if (fate.equals(DONE)) {
            judgeEnd(last, kept);
        } else if (kept != null && !kept.state().equals("DEAD")) {
            lose(id + " came to no end: it is " + fate);
        }
    }

    private void judgeEnd(Line last, @Nullable Kept kept) {
        boolean finished = finishes.getOrDefault(last.id, List.of()).stream().anyMatch(end -> end.token == last.token);
        if (!finished) {
            lose(last.id + " is done, but its start under token " + last.token + " has no end");
        }
        if (kept != null && !kept.result().equals(Long.toString(last.token))) {
            complaints.add(
                    last.id + " was done under the stale token " + kept.result() + ", the last one was " + last.token);
        }
    }

    private void lose(String complaint) {
        lost++;
        complaints.add(complaint);
    }

    private static @Nullable Line last(List<Line> lines) {
        return lines.stream().max(Comparator.comparingLong(Line::token)).orElse(null);
    }

    /// @return how many of its starts may have been repeated
    private int judgeProcess(long pid, List<Line> its) {
        Set<Line> repeated = new HashSet<>();
        for (Line line : its) {
            if (!line.equals(last(starts.getOrDefault(line.id, List.of())))) {
                repeated.add(line);
            }
        }
        Integer claims = frozen.get(pid);
        int allowed = died.test(pid) ? Math.min(UNSTORED, its.size()) : 0;
        if (claims != null) {
            allowed = claims;
        } else if (!repeated.isEmpty() && allowed == 0) {
            complaints.add("process " + pid + " lives, and yet was started again: " + repeated);
        } else if (!its.subList(its.size() - allowed, its.size()).containsAll(repeated)) {
            complaints.add("not only the last " + allowed + " starts of " + pid + " were repeated: " + repeated);
        }
        if (repeated.size() > allowed) {
            complaints.add(repeated.size() + " starts of " + pid + " were repeated, allowed are " + allowed);
        }
        return allowed;
    }
}
