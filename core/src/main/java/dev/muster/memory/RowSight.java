package dev.muster.memory;

/// Where a reader has seen a row, and in which version. One thread only.
final class RowSight {
    long at;
    long hash;
    long version;
}
