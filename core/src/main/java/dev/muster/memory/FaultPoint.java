package dev.muster.memory;

/// A named place in the middle of an operation. Here it does nothing, and the compiler of the virtual machine leaves
/// nothing of it. The tests put another class of this name before it, which can kill the process at such a place.
final class FaultPoint {
    private FaultPoint() {}

    /// The process has come to this place.
    static void reached(String place) {}
}
