package dev.muster.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.task.BrokerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGProperty;

@Timeout(30)
class AddressTest {
    @Test
    void allOfItReachesTheDriver() {
        Address address = Address.of(
                "postgresql://m%40e:s%2Fec+ret%3A@db.example:6543/my%20tasks?sslmode=require&connect_timeout=2"
                        + "&currentSchema=other",
                "muster Shop");

        assertThat(address.name()).isEqualTo("db.example:6543/my tasks");
        assertThat(address.user()).isEqualTo("m@e");
        assertThat(address.schema()).isEqualTo("other");
        assertThat(address.source().getPassword()).isEqualTo("s/ec+ret:");
        assertThat(address.source().getDatabaseName()).isEqualTo("my tasks");
        assertThat(address.source().getSslMode()).isEqualTo("require");
        assertThat(address.source().getConnectTimeout()).isEqualTo(2);
        assertThat(address.source().getApplicationName()).isEqualTo("muster Shop");
    }

    @Test
    void theRestHasDefaults() {
        Address address = Address.of("postgres://db.example", "muster");

        assertThat(address.name()).isEqualTo("db.example:5432");
        assertThat(address.user()).isEqualTo(System.getProperty("user.name"));
        assertThat(address.schema()).isEqualTo("muster");
    }

    @Test
    void theDriverShowsNoPasswordEither() throws Exception {
        Address address = Address.of("postgres://me:secret@db.example/tasks", "muster");

        assertThat(address.source().getUrl()).contains("db.example").doesNotContain("secret");
        assertThat(address.source().toString()).doesNotContain("secret");
        assertThat(address.source().getProperty(PGProperty.TCP_KEEP_ALIVE)).isEqualTo("true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://db/tasks?user=me&password=secret",
                "mysql://me:secret@db/tasks",
                "postgres://me:secret@/tasks",
                "postgres://me:sec ret@db/tasks",
                "postgres://me:secret%zz@db/tasks",
            })
    void whatIsNoAddressIsRefusedWithoutBeingShown(String url) {
        assertThatThrownBy(() -> Address.of(url, "muster"))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("it looks like postgres://user:password@host:5432/database")
                .hasMessageNotContaining("sec");
    }

    @ParameterizedTest
    @CsvSource({
        "sslmod=require, knows no such option",
        "password=secret, user and password stand before the @",
        "user=me, user and password stand before the @",
        "reWriteBatchedInserts=true, Muster needs it as it is",
        "currentSchema=a;b, is no name",
        "currentSchema=, is no name",
    })
    void optionsThatAreNotLegalAreNamed(String option, String why) {
        assertThatThrownBy(() -> Address.of("postgres://me:secret@db/tasks?" + option, "muster"))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("has the option '" + option.substring(0, option.indexOf('=')) + "'")
                .hasMessageContaining(why)
                .hasMessageNotContaining("secret");
    }
}
