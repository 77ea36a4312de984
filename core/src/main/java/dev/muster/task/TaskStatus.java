package dev.muster.task;

import java.util.Optional;
import tools.jackson.core.JacksonException;

/// What is known of a task.
///
/// @param id of the task
/// @param state READY, SCHEDULED, RUNNING, DEAD or DONE
/// @param attempts how many it has spent
/// @param reason why it is dead, a word of [DeadReason]; else empty
/// @param progress what it said last about how far it has come, JSON text; empty if it said nothing
/// @param result what it has returned, JSON text; empty unless it is done
public record TaskStatus(String id, String state, int attempts, String reason, String progress, String result) {
    /// What it has returned.
    ///
    /// @return empty unless it is done
    /// @throws IllegalArgumentException if it is no such value
    public <T> Optional<T> result(Class<T> type) {
        return value("result", result, type);
    }

    /// What it said last about how far it has come.
    ///
    /// @return empty if it has said nothing
    /// @throws IllegalArgumentException if it is no such value
    public <T> Optional<T> progress(Class<T> type) {
        return value("progress", progress, type);
    }

    private <T> Optional<T> value(String what, String text, Class<T> type) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ParameterBinder.JSON.readValue(text, type));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "the " + what + " of the task " + id + " is no " + type.getSimpleName() + ": "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    static Optional<TaskStatus> of(TaskDesk desk, String id) {
        return desk.look(id)
                .map(task -> new TaskStatus(
                        task.id(), task.state(), task.attempts(), task.reason(), task.progress(), task.result()));
    }
}
