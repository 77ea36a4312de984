package dev.muster.task;

/// What somebody sees who watches over a worker.
///
/// @param idle whether no task is at work, and it would take one or waits for the store
/// @param answeredAt when the store last answered a claim, with tasks or without, as `System.nanoTime()`
/// @param taken how many tasks it has claimed so far
public record Standing(boolean idle, long answeredAt, long taken) {}
