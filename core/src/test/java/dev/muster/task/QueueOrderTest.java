package dev.muster.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.config.QueueShares;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class QueueOrderTest {
    @Test
    void isStrictWithoutWeights() {
        QueueOrder order = new QueueOrder(QueueShares.parse("urgent, mail ,rest"));
        for (int i = 0; i < 10; i++) {
            assertThat(order.next()).containsExactly("urgent", "mail", "rest");
        }
    }

    @Test
    void isDrawnByTheWeightsAndLeavesNobodyOut() {
        QueueOrder order = new QueueOrder(QueueShares.parse("urgent=6,mail=3,rest=1"), new Random(7)::nextInt);
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < 10_000; i++) {
            List<String> next = order.next();
            assertThat(next).containsExactlyInAnyOrder("urgent", "mail", "rest");
            first.merge(next.getFirst(), 1, Integer::sum);
        }
        assertThat(first.get("urgent")).isBetween(5700, 6300);
        assertThat(first.get("mail")).isBetween(2700, 3300);
        assertThat(first.get("rest")).isBetween(800, 1200);
    }

    @Test
    void refusesWhatIsNotLegal() {
        for (String text : List.of("", "a,,b", "a,a", "a=1,b", "a=0,b=1", "a=101,b=1", "a=b")) {
            assertThatThrownBy(() -> QueueShares.parse(text))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'a=5, b=1'");
        }
        assertThat(QueueShares.parse("a = 5, b=1").text()).isEqualTo("a=5,b=1");
    }
}
