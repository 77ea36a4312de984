package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ResourcesTest {
    private static final Map<String, String> DIRECTORIES =
            Map.of("MUSTER_RUN_DIR", "/run/shop", "MUSTER_DATA_DIR", "/data/shop");

    @Test
    void areReadForTheirRoleFromOptionsAndEnvironment() {
        Map<String, String> environment = new java.util.HashMap<>(DIRECTORIES);
        environment.put("MUSTER_RESOURCES_USER_OPENFILES", "128");
        environment.put("MUSTER_RESOURCES_USER_MEMORY", "1GiB");
        Settings settings = SettingsLoader.load(
                "Shop",
                null,
                environment,
                List.of(
                        "resources.user.heap=64MiB",
                        "resources.user.cpus=0",
                        "resources.user.nice=19",
                        "resources.user.pids=100"));

        assertThat(settings.resources("user"))
                .isEqualTo(new Resources(64 << 20, 128, List.of(0), OptionalInt.of(19), 100, 1 << 30));
        assertThat(Settings.of(settings.effective()).resources("user")).isEqualTo(settings.resources("user"));
        assertThat(settings.resources("task"))
                .isEqualTo(new Resources(0, 0, List.of(), OptionalInt.empty(), 0, 0))
                .matches(none -> !none.needsGroup());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"0;0", "3,1,1;1,3", "0-3;0,1,2,3", " 1 , 4-5 ;1,4,5", "1023;1023"})
    void processorsAreKeptInOrder(String written, String kept) {
        assertThat(new ValueType.Processors().canonical(written)).contains(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "a", "-1", "1-", "2-1", "1024", "0-99999", "1--2", "1-2-3", "0x1"})
    void whatIsNoListOfProcessorsIsRefused(String written) {
        assertThat(new ValueType.Processors().canonical(written)).isEmpty();
    }
}
