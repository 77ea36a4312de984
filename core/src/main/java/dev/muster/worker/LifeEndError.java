package dev.muster.worker;

/// Unwinds the thread of a slot whose life is over, where the application is one JVM. Code that catches it and goes on
/// goes on in a life that has ended: nothing more is stored or counted for it.
final class LifeEndError extends Error {
    private static final long serialVersionUID = 1L;

    LifeEndError() {
        super("the life of this slot is over (ProcessContext.exit); do not catch this error", null, false, false);
    }
}
