package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class CloserTest {
    private final List<String> closed = new ArrayList<>();

    @Test
    void theLastStepIsUndoneFirst() {
        try (Closer closer = new Closer()) {
            assertThat(closer.keep("first", closed::add)).isEqualTo("first");
            closer.onClose(() -> closed.add("second"));
        }
        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void aStepThatCannotBeUndoneDoesNotKeepTheOthers() {
        Closer closer = new Closer();
        closer.onClose(() -> closed.add("first"));
        closer.onClose(() -> fail("second"));
        closer.onClose(() -> fail("third"));

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(closer::close)
                .withMessage("third")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .singleElement()
                        .extracting(Throwable::getMessage)
                        .isEqualTo("second"));
        assertThat(closed).containsExactly("first");

        closer.close();
        assertThat(closed).containsExactly("first");
    }

    @Test
    void whatIsReleasedStaysOpen() {
        try (Closer closer = new Closer()) {
            closer.onClose(() -> closed.add("first"));
            closer.release();
            closer.onClose(() -> closed.add("second"));
        }
        assertThat(closed).containsExactly("second");
    }

    private static void fail(String step) {
        throw new IllegalStateException(step);
    }
}
