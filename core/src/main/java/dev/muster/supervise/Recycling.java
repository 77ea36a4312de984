package dev.muster.supervise;

/// When a process that works is replaced by a fresh one. A limit of 0 does not hold.
///
/// @param units runs or tasks that it has completed
/// @param age nanoseconds since it took up its work
/// @param memory private bytes: what its end would give back to the system
/// @param gcPercent part of one processor that its garbage collector has used for a while
public record Recycling(long units, long age, long memory, int gcPercent) {
    static final Recycling NONE = new Recycling(0, 0, 0, 0);
}
