package dev.muster.console.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BlowTest {
    private static final long TEN_MINUTES = 600_000;

    @Test
    void theSameSeedGivesTheSameEvents() {
        assertThat(Blow.storm(7, TEN_MINUTES)).isEqualTo(Blow.storm(7, TEN_MINUTES));
        assertThat(Blow.storm(7, TEN_MINUTES)).isNotEqualTo(Blow.storm(8, TEN_MINUTES));
    }

    @Test
    void aShorterStormIsTheBeginningOfALongerOne() {
        List<Blow> shorter = Blow.storm(7, 60_000);
        assertThat(Blow.storm(7, TEN_MINUTES)).startsWith(shorter.toArray(Blow[]::new));
    }

    @Test
    void everyKindHappensAndNothingAfterTheEnd() {
        List<Blow> blows = Blow.storm(1, TEN_MINUTES);
        Set<Blow.Kind> kinds = blows.stream().map(Blow::kind).collect(Collectors.toSet());
        assertThat(kinds).containsExactlyInAnyOrder(Blow.Kind.values());
        assertThat(blows).allSatisfy(blow -> assertThat(blow.atMillis()).isBetween(0L, TEN_MINUTES));
    }

    @Test
    void amountsStayInTheirRange() {
        assertThat(Blow.storm(3, TEN_MINUTES))
                .allSatisfy(blow -> assertThat(blow.amount(200, 2_000)).isBetween(200, 2_000));
    }
}
