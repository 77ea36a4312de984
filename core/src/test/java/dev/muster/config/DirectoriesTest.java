package dev.muster.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class DirectoriesTest {
    private static final Path HOME = Path.of("/home/ann");
    private static final Path TEMPORARY = Path.of("/tmp");

    @TempDir
    Path session;

    @Test
    void theSessionDirectoryComesFirst() {
        assertThat(ann(Map.of("XDG_RUNTIME_DIR", session.toString())).run("shop"))
                .isEqualTo(session.resolve("muster/shop"));
    }

    @Test
    void aSessionDirectoryThatDoesNotExistIsPassedOver() {
        assertThat(ann(Map.of("XDG_RUNTIME_DIR", session + "/gone")).run("shop"))
                .isEqualTo(Path.of("/tmp/muster-ann/shop"));
        assertThat(ann(Map.of()).run("shop")).isEqualTo(Path.of("/tmp/muster-ann/shop"));
    }

    @Test
    void dataLiesInTheHomeOfTheUser() {
        assertThat(ann(Map.of()).data("shop")).isEqualTo(Path.of("/home/ann/.local/share/muster/shop"));
        assertThat(ann(Map.of("XDG_DATA_HOME", "/srv/ann")).data("shop")).isEqualTo(Path.of("/srv/ann/muster/shop"));
    }

    @Test
    void aRelativeVariableIsIgnored() {
        assertThat(ann(Map.of("XDG_DATA_HOME", "srv")).data("shop"))
                .isEqualTo(Path.of("/home/ann/.local/share/muster/shop"));
    }

    @Test
    void dataOfRootLiesWithTheSystem() {
        Directories root = new Directories(Map.of(), TEMPORARY, Path.of("/root"), "root");
        assertThat(root.data("shop")).isEqualTo(Path.of("/var/lib/muster/shop"));
    }

    private static Directories ann(Map<String, String> environment) {
        return new Directories(environment, TEMPORARY, HOME, "ann");
    }
}
