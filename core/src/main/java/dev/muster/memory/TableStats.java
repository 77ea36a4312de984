package dev.muster.memory;

/// Figures of a table at some moment.
///
/// @param name of the table
/// @param size rows in it
/// @param capacity rows that it has room for
/// @param bytes of memory that it takes
/// @param longestChain the most rows that share one bucket: what an operation looks at in the worst case
/// @param recoveries how often a part of it was taken from a process that died in the middle of a change
public record TableStats(String name, int size, int capacity, long bytes, int longestChain, long recoveries) {}
