package dev.muster.console.chaos;

/// Something that was expected did not come, or something came that must not.
final class Unmet extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unmet(String sentence) {
        super(sentence);
    }

    /// Checks an expectation.
    ///
    /// @param sentence what is wrong if it is not met
    static void unless(boolean met, String sentence) {
        if (!met) {
            throw new Unmet(sentence);
        }
    }
}
