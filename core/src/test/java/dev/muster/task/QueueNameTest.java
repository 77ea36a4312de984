package dev.muster.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueueNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"async_task_queue", "a", "报表 {每日}", "\uD83D\uDE00", "mail:urgent/1"})
    void isAnyPrintableText(String name) {
        assertThat(QueueName.checked(name)).isEqualTo(name);
        assertThat(QueueName.checked("q".repeat(128))).hasSize(128);
    }

    @Test
    void hasOneTo128Characters() {
        assertThatThrownBy(() -> QueueName.checked(""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the name of a queue has 1 to 128 characters, this one has 0");
        assertThatThrownBy(() -> QueueName.checked("q".repeat(129)))
                .hasMessage("the name of a queue has 1 to 128 characters, this one has 129");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ma\nil", "ma\u0000il", "ma\u001b[2J", "ma\u0085il"})
    void hasNoControlCharacters(String name) {
        assertThatThrownBy(() -> QueueName.checked(name))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("the name of a queue has no control characters .*, this one has U\\+00[0-9A-F]{2}"
                        + " at position 3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\uD83D", "a\uDE00b"})
    void hasNoHalfOfASurrogatePair(String name) {
        assertThatThrownBy(() -> QueueName.checked(name)).hasMessageEndingWith("at position 2");
    }
}
