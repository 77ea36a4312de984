package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.WebRequest;
import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceivedTest {
    private static WebRequest get(String target) {
        return new Received(
                "GET", target, MultiMap.caseInsensitiveMultiMap(), () -> "127.0.0.1", () -> "1", new byte[0], 0);
    }

    @ParameterizedTest
    @CsvSource({
        "/?q=a%20b, 'a b'",
        "/?q=a+b, 'a b'",
        "/?q=100%, 100%",
        "/?q=100%zz, 100%zz",
        "/?q=%4, %4",
        "/?q=%%41, %A",
        "/?q=%E6%8A%A5, 报",
        "/?q=1;r=2, 1;r=2",
        "/?q=1&q=2, 1",
        "/?q, ''",
        "http://shop.example?q=1, 1",
    })
    void aParameterIsDecodedAndAStrayPercentSignStandsForItself(String target, String value) {
        assertThat(get(target).parameter("q")).contains(value);
    }

    @ParameterizedTest
    @CsvSource({"/a%20b?c, /a b", "/%2e%2E/%e6%8a%a5, /../报", "http://shop.example/a?b, /a", "http://x, /"})
    void thePathIsDecodedAndNotNormalised(String target, String path) {
        assertThat(get(target).path()).isEqualTo(path);
    }

    @Test
    void theQueryStaysAsItWasSent() {
        assertThat(get("/?q=100%&r=%41").query()).isEqualTo("q=100%&r=%41");
        assertThat(get("/").query()).isEmpty();
        assertThat(get("/").parameter("q")).isEmpty();
    }
}
