package dev.muster.board;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class IncarnationTest {
    @Test
    void selfIsThisProcessInEveryCall() {
        Incarnation self = Incarnation.self();
        assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(self.identity().alive()).isTrue();
        assertThat(Incarnation.self()).isEqualTo(self);
    }

    @Test
    void textComesBack() {
        assertThat(Incarnation.parse(Incarnation.self().text())).isEqualTo(Incarnation.self());
        var longest = new Incarnation("ffffffff", Long.MAX_VALUE, Long.MAX_VALUE, "00000000");
        assertThat(Incarnation.parse(longest.text())).isEqualTo(longest);
        assertThat(longest.text()).hasSizeLessThanOrEqualTo(63);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "00000000-1-2",
                "00000000-1-2-0000000g",
                "00000000-0-2-00000000",
                "0-1-2-00000000",
                "00000000-1-x-00000000",
                "00000000-1-2-00000000-",
                "00000000-1--2-00000000",
                "0000000A-1-2-00000000"
            })
    void anythingElseIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Incarnation.parse(text))
                .withMessageContaining("not an incarnation");
    }
}
