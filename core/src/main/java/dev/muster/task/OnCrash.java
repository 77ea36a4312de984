package dev.muster.task;

/// What becomes of a task whose worker died while the task was started.
public enum OnCrash {
    /// It comes again. Deaths that nobody ordered count: the third in 72 hours ends it as a dead letter. The
    /// default.
    RETRY,
    /// It ends as a dead letter at once, ordered or not: at most once, for effects that must not be repeated.
    DEAD
}
