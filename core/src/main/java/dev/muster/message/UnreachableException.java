package dev.muster.message;

/// Nobody can be connected to in a slot at this moment.
final class UnreachableException extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean never;

    /// @param never whether nobody ever took messages there
    UnreachableException(boolean never, String why) {
        super(why);
        this.never = never;
    }

    boolean never() {
        return never;
    }
}
