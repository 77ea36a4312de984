package dev.muster.task;

/// What became of a text that should be a message.
sealed interface Parsed permits TaskMessage, Refused {}
