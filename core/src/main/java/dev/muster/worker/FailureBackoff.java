package dev.muster.worker;

/// The pause after a run of a user process: the interval, and more of it while runs fail one after the other.
final class FailureBackoff {
    private static final long FIRST_MILLIS = 100;
    private static final long LONGEST_MILLIS = 30_000;

    private FailureBackoff() {}

    /// The pause in milliseconds. Never shorter than the interval, which may itself be longer than the longest
    /// back-off.
    ///
    /// @param intervalMillis as declared; 0 and below for none
    /// @param failuresInRow how many runs have failed since the last success, the one that just ended included
    static long pauseMillis(long intervalMillis, int failuresInRow) {
        if (failuresInRow <= 0) {
            return Math.max(0, intervalMillis);
        }
        int doublings = Math.min(failuresInRow - 1, 16);
        return Math.max(intervalMillis, Math.min(LONGEST_MILLIS, FIRST_MILLIS << doublings));
    }
}
