package dev.muster.supervise;

/// The class path that the children of one generation run from.
///
/// @param classPath for `-cp`
record Snapshot(String classPath) {}
