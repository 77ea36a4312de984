package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.ExitReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InlineDepartureTest {
    private final StopRequest stop = new StopRequest();
    private final InlineDeparture departure = new InlineDeparture(stop);

    @Test
    void theFirstWordCountsAndEveryCallerUnwinds() {
        assertThatThrownBy(() -> departure.leave(ExitReason.CLEAN, "first", false, 0))
                .isInstanceOf(LifeEndError.class);
        assertThatThrownBy(() -> departure.leave(ExitReason.ERROR, "second", true, 1))
                .isInstanceOf(LifeEndError.class);
        assertThat(departure.close()).isEqualTo(new InlineDeparture.End(ExitReason.CLEAN, "first", false, 0));
        assertThat(stop.asked()).isTrue();
    }

    @Test
    void stepsRunLastFirstAndAFailingOneIsPassedOver() {
        List<String> order = new ArrayList<>();
        departure.closing(() -> order.add("first added"));
        departure.closing(() -> {
            throw new IllegalStateException("as meant");
        });
        departure.closing(() -> order.add("last added"));
        assertThat(departure.close().reason()).isEqualTo(ExitReason.ERROR);
        assertThat(order).containsExactly("last added", "first added");
    }
}
