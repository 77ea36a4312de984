package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
class NearestTest {
    private static final List<String> KNOWN = List.of("asynctask", "mail", "Reports");

    @ParameterizedTest
    @CsvSource({
        "asynctsak,asynctask",
        "async_task,asynctask",
        "asyntask,asynctask",
        "mial,mail",
        "reports,Reports",
        "maill,mail"
    })
    void findsWhatWasMeant(String written, String meant) {
        assertThat(Nearest.of(written, KNOWN)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"billing", "m", "xxxx"})
    void doesNotGuessWildly(String written) {
        assertThat(Nearest.of(written, KNOWN)).isEmpty();
    }

    @Test
    void nothingIsKnown() {
        assertThat(Nearest.of("mail", List.of())).isEmpty();
    }
}
