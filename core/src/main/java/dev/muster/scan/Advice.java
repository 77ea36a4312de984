package dev.muster.scan;

import dev.muster.PipeType;
import dev.muster.config.Durations;
import java.util.ArrayList;
import java.util.List;

/// Warnings about values that are legal but seldom meant.
final class Advice {
    private static final long BUSY_INTERVAL = 10;

    private Advice() {}

    /// One sentence for each such value.
    static List<String> on(List<Declaration> declarations) {
        List<String> advice = new ArrayList<>();
        for (Declaration declaration : declarations) {
            // One with a pipe waits for what comes there.
            if (declaration instanceof Declaration.User user
                    && user.intervalMillis() < BUSY_INTERVAL
                    && user.pipe() == PipeType.NONE) {
                advice.add("process '" + user.name() + "' pauses " + Durations.text(user.intervalMillis())
                        + " between its runs, which only burns CPU unless each run waits for something; give it an"
                        + " interval of 100ms or more");
            }
        }
        return advice;
    }

    /// A sentence about a listener for requests where there are no web workers.
    static String unheard(String listener) {
        return listener + " answers requests or WebSockets, and nothing listens for them: web workers are started where"
                + " server.port is set";
    }

    /// A sentence about schedules that nobody would serve.
    static List<String> on(List<ScheduleDeclaration> schedules, List<Declaration> processes) {
        boolean workers = processes.stream().anyMatch(Declaration.Workers.class::isInstance);
        List<String> idle = schedules.stream()
                .filter(ScheduleDeclaration::enabled)
                .map(ScheduleDeclaration::name)
                .toList();
        return workers || idle.isEmpty()
                ? List.of()
                : List.of("nobody here serves the schedules " + String.join(", ", idle)
                        + ": that is done by task workers and pool workers, and there are none; set tasks.workers");
    }

    /// One sentence for each soft limit that workers of the task's queue never come to, because the limit that they
    /// set is not above it.
    ///
    /// @param declarations with the configuration applied
    /// @param tasks the same
    static List<String> onSoftLimits(List<Declaration> declarations, List<TaskDeclaration> tasks) {
        List<String> advice = new ArrayList<>();
        for (TaskDeclaration task : tasks) {
            for (Declaration declaration : declarations) {
                if (task.timeoutMillis() == 0
                        && task.softTimeoutMillis() > 0
                        && declaration instanceof Declaration.Workers workers
                        && workers.shares().names().contains(task.queue())
                        && workers.heartbeatMillis() <= task.softTimeoutMillis()) {
                    advice.add("the task " + task.name() + " is never interrupted in the workers of '" + workers.name()
                            + "': its softTimeout of " + Durations.text(task.softTimeoutMillis())
                            + " is not below their limit of " + Durations.text(workers.heartbeatMillis())
                            + "; give the task a timeout");
                }
            }
        }
        return advice;
    }
}
