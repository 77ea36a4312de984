package dev.muster.task;

/// What became of a message that was looked up in the catalog.
sealed interface Resolved permits Found, Call, Refused {}
