package dev.muster.task;

/// A message that cannot be run.
///
/// @param detail a sentence for people
record Refused(DeadReason reason, String detail) implements Parsed, Resolved {}
