package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class DurationsTest {
    @ParameterizedTest
    @CsvSource({"200ms,200", "5s,5000", "1m,60000", "2h,7200000", "0,0", "1500,1500", "0s,0"})
    void readsWhatPeopleWrite(String text, long millis) {
        assertThat(Durations.parse(text)).hasValue(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "5 s",
                "5S",
                "1.5s",
                "-1",
                "-5s",
                "5d",
                "five",
                "9223372036854775807h",
                "99999999999999999999"
            })
    void refusesTheRest(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0,0ms", "5,5ms", "1500,1500ms", "5000,5s", "60000,1m", "5400000,90m", "7200000,2h"})
    void writesTheLargestWholeUnit(long millis, String text) {
        assertThat(Durations.text(millis)).isEqualTo(text);
        assertThat(Durations.parse(text)).hasValue(millis);
    }

    @ParameterizedTest
    @CsvSource({
        "64MiB,67108864",
        "10MB,10000000",
        "1024,1024",
        "1KiB,1024",
        "2kb,2000",
        "1GiB,1073741824",
        "7B,7",
        "3gb,3000000000"
    })
    void readsSizes(String text, long bytes) {
        assertThat(Sizes.parse(text)).hasValue(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "MiB", "64M", "1.5MiB", "-1", "64 MiB", "9223372036854775807GiB"})
    void refusesOtherSizes(String text) {
        assertThat(Sizes.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "1024,1KiB", "67108864,64MiB", "1099511627776,1024GiB", "1500,1500"})
    void writesSizesInTheirLargestUnit(long bytes, String text) {
        assertThat(Sizes.text(bytes)).isEqualTo(text);
    }
}
