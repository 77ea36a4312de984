package dev.muster.scan;

/// A class file that this virtual machine cannot read.
final class UnreadableClassException extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    UnreadableClassException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /// Why it cannot be read, and the fix.
    String reason() {
        return reason;
    }
}
