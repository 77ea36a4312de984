package dev.muster.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class OriginTest {
    private static final SocketAddress REMOTE = SocketAddress.inetSocketAddress(4711, "10.0.0.9");

    private static MultiMap headers(String... pairs) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.add(pairs[i], pairs[i + 1]);
        }
        return headers;
    }

    @Test
    void whatAProxySaysCountsOnlyIfItIsBelieved() {
        MultiMap forwarded = headers("X-Forwarded-For", "203.0.113.7, 10.0.0.1");
        assertThat(Origin.of(REMOTE, forwarded, false)).isEqualTo("10.0.0.9:4711");
        assertThat(Origin.of(REMOTE, forwarded, true)).isEqualTo("203.0.113.7");
        MultiMap standard = headers("Forwarded", "for=\"[2001:db8::1]\";proto=https, for=10.0.0.1");
        assertThat(Origin.of(REMOTE, standard, true)).isEqualTo("[2001:db8::1]");
        assertThat(Origin.of(REMOTE, headers(), true)).isEqualTo("10.0.0.9:4711");
        for (String none : List.of("for=", "for=\"\";proto=https", "proto=https")) {
            assertThat(Origin.of(REMOTE, headers("Forwarded", none), true)).isEqualTo("10.0.0.9:4711");
        }
        assertThat(Origin.of(REMOTE, headers("X-Forwarded-For", ", 10.0.0.1"), true))
                .isEqualTo("10.0.0.9:4711");
        MultiMap forged = headers("X-Forwarded-For", "1.2.3.4\u001b[2J");
        assertThat(Origin.of(REMOTE, forged, true)).isEqualTo("?");
    }

    @ParameterizedTest
    @CsvSource({"abc-1, true", "'', false", "'a b', false", "'a\nb', false", "'é', false"})
    void anIdFromOutsideIsTakenIfItCanStandInALog(String id, boolean taken) {
        assertThat(Origin.requestId(headers("X-Request-Id", id))).isEqualTo(taken ? id : null);
        assertThat(Origin.requestId(headers("X-Request-Id", "x".repeat(65)))).isNull();
    }

    @ParameterizedTest
    @CsvSource({"/a?b=é, /a?b=é", "'/a\n127.0.0.1 \"GET /b\" 200', ?", "'/a\u001b[2J', ?"})
    void aTargetFromOutsideMakesOneLineInALog(String target, String printed) {
        assertThat(Origin.printed(target)).isEqualTo(printed);
    }

    @Test
    void pagesOfTheSameHostMayOpenWebSocketsAndOthersIfTheyAreNamed() {
        MultiMap same = headers("Origin", "https://shop.example:8443", "Host", "shop.example:8443");
        MultiMap other = headers("Origin", "https://evil.example", "Host", "shop.example");
        MultiMap trick = headers("Origin", "https://evil-shop.example", "Host", "shop.example");
        assertThat(Origin.allowed(same, List.of(), false)).isTrue();
        assertThat(Origin.allowed(other, List.of(), false)).isFalse();
        assertThat(Origin.allowed(trick, List.of(), false)).isFalse();
        assertThat(Origin.allowed(same, List.of("https://else.example"), false)).isFalse();
        assertThat(Origin.allowed(other, List.of("https://evil.example"), false))
                .isTrue();
        assertThat(Origin.allowed(other, List.of("*"), false)).isTrue();
        MultiMap usual = headers("Origin", "https://Shop.example", "Host", "shop.example:443");
        assertThat(Origin.allowed(usual, List.of(), false)).isTrue();
        assertThat(Origin.allowed(headers("Host", "x"), List.of("https://else.example"), false))
                .as("no browser")
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "X-Forwarded-Host, shop.example, true",
        "X-Forwarded-Host, 'shop.example, inner.example', true",
        "X-Forwarded-Host, 'inner.example, shop.example', false",
        "Forwarded, host=shop.example, true",
        "Forwarded, 'for=203.0.113.7; Host=\"shop.example:443\";proto=https, host=inner.example', true",
        "Forwarded, 'host=inner.example, host=shop.example', false",
        "Forwarded, 'for=shop.example;by=shop.example', false",
    })
    void theHostOfAPageIsTheFirstThatAProxyTellsIfItIsBelieved(String field, String value, boolean allowed) {
        MultiMap behind = headers("Origin", "https://shop.example", "Host", "10.0.0.1", field, value);
        assertThat(Origin.allowed(behind, List.of(), true)).isEqualTo(allowed);
        assertThat(Origin.allowed(behind, List.of(), false)).isFalse();
    }

    /// As for the address of a client.
    @Test
    void whatForwardedSaysOfTheHostComesBeforeTheOlderField() {
        MultiMap both = headers("Origin", "https://shop.example", "Host", "10.0.0.1");
        both.add("X-Forwarded-Host", "shop.example");
        assertThat(Origin.allowed(both.add("Forwarded", "for=203.0.113.7"), List.of(), true))
                .as("says nothing of a host")
                .isTrue();
        assertThat(Origin.allowed(both.set("Forwarded", "host=else.example"), List.of(), true))
                .isFalse();
        MultiMap none = headers("Origin", "https://shop.example", "Host", "shop.example", "X-Forwarded-Host", "");
        assertThat(Origin.allowed(none.add("Forwarded", "host="), List.of(), true))
                .as("neither says one")
                .isTrue();
    }
}
