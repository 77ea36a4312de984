package dev.muster.console;

import dev.muster.board.Incarnation;
import dev.muster.config.QueueShares;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.Broker.TaskView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Says in sentences why a task is in the state in which it is.
///
/// @param now when it is asked
/// @param paused the queues that are paused
/// @param rows what `ps` shows, empty if the application does not run here
/// @param processes the declarations of the application, as its process map has them; empty if it has never run here
record TaskReason(Instant now, Set<String> paused, List<Json> rows, List<Json> processes) {

    /// The lines of the answer.
    ///
    /// @param counts of its queue
    List<String> of(TaskView task, QueueCounts counts, SecretMask mask) {
        List<String> lines = new ArrayList<>();
        Instant changed = Instant.ofEpochMilli(task.changedAtEpochMillis());
        String since = Texts.duration(Math.max(0, Duration.between(changed, now).toMillis()));
        switch (task.state()) {
            case "READY" -> {
                lines.add(task.id() + " is READY for " + since + " in the queue " + task.queue() + " (" + counts.ready()
                        + " ready, " + counts.running() + " running)");
                lines.addAll(obstacles(task.queue()));
            }
            case "SCHEDULED" -> {
                Instant due = Instant.ofEpochMilli(task.dueAtEpochMillis());
                lines.add(task.id() + " is SCHEDULED: it becomes ready at " + due + ", in "
                        + Texts.duration(Math.max(0, Duration.between(now, due).toMillis())));
                lines.addAll(obstacles(task.queue()));
            }
            case "RUNNING" -> lines.addAll(running(task, since));
            case "DEAD" -> {
                lines.add(task.id() + " is DEAD for " + since + ": " + task.reason() + ", after " + task.attempts()
                        + " attempts and " + task.crashes() + " crashes");
                lines.add("'muster tasks retry " + task.id() + "' makes it ready again");
            }
            default ->
                lines.add(task.id() + " is " + task.state() + " for " + since + "; its result is kept for a while");
        }
        if (!task.detail().isBlank()) {
            lines.add(mask.of(task.detail()).strip().lines().findFirst().orElse(""));
        }
        task.history().forEach(line -> lines.add("history: " + mask.of(line)));
        return lines;
    }

    private List<String> obstacles(String queue) {
        List<String> lines = new ArrayList<>();
        if (paused.contains(queue)) {
            lines.add("the queue is paused; 'muster tasks resume " + queue + "' ends that");
        }
        if (processes.isEmpty()) {
            lines.add("no application has run here that could take it");
            return lines;
        }
        List<String> takers = new ArrayList<>();
        for (Json process : processes) {
            if (takes(process, queue)) {
                takers.add(process.text("name"));
            }
        }
        if (takers.isEmpty()) {
            lines.add("no workers of this application take from the queue " + queue
                    + "; set tasks.queue or tasks.queues, or the queue of a pool, to it");
        } else if (rows.isEmpty()) {
            lines.add("the application is not running; its workers " + String.join(", ", takers)
                    + " take from this queue");
        } else {
            lines.addAll(workers(takers, paused.contains(queue)));
        }
        return lines;
    }

    private static boolean takes(Json process, String queue) {
        String queues = process.text("queues");
        return queues.isEmpty()
                ? process.text("queue").equals(queue)
                : QueueShares.parse(queues).names().contains(queue);
    }

    private List<String> workers(List<String> takers, boolean held) {
        List<String> states = new ArrayList<>();
        int idle = 0;
        for (Json row : rows) {
            String declared = row.text("name").replaceFirst("[#~].*$", "");
            if (takers.contains(declared)) {
                states.add(row.text("name") + " " + row.text("state")
                        + (row.flag("paused") ? " paused" : "")
                        + (row.text("task").isEmpty() ? "" : " on " + Texts.shortened(row.text("task"), 40)));
                idle += row.text("state").equals("RUNNING") && row.text("task").isEmpty() ? 1 : 0;
            }
        }
        String all = states.isEmpty() ? "none of them has a process" : String.join(", ", states);
        String who = "its workers: " + all;
        if (held) {
            return List.of(who);
        }
        return List.of(who, idle > 0 ? "a worker is free and takes it in its turn" : "no worker is free");
    }

    private List<String> running(TaskView task, String since) {
        List<String> lines = new ArrayList<>();
        String slot = "";
        try {
            Incarnation owner = Incarnation.parse(task.owner());
            boolean here = owner.boot().equals(Incarnation.self().boot());
            for (Json row : rows) {
                slot = here && row.number("pid") == owner.pid() ? row.text("name") : slot;
            }
            lines.add(task.id() + " is claimed for " + since + " by "
                    + (slot.isEmpty()
                            ? here
                                    ? "the process " + owner.pid() + ", which is none of this application"
                                    : "a process of another machine or boot (" + task.owner() + ")"
                            : slot + " (pid " + owner.pid() + ")"));
        } catch (IllegalArgumentException _) {
            lines.add(task.id() + " is claimed for " + since + " by " + task.owner());
        }
        if (slot.isEmpty()) {
            lines.add("when that process is dead it is given back: by the next start here, or by another node when its"
                    + " lease has run out");
        }
        if (task.cancelled()) {
            lines.add("it was cancelled; its worker asks it to end, and is killed if it does not");
        }
        if (!task.progress().isEmpty()) {
            lines.add("progress: " + task.progress());
        }
        return lines;
    }
}
