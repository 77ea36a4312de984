package dev.muster.system.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.Patience;
import dev.muster.system.apps.Kinds;
import dev.muster.system.apps.Ledger;
import dev.muster.system.apps.Ledger.Entry;
import dev.muster.testkit.RunningApp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// User processes in all their forms, when nothing goes wrong.
@Timeout(60)
class UserProcessTest {
    private static final List<String> LEDGERS = List.of("count", "unnamed", "swapped", "titled", "handler", "plain");

    @TempDir
    Path directory;

    @Test
    void everyFormOfDeclarationRuns() throws IOException {
        try (RunningApp app =
                RunningApp.of(Kinds.class, directory).packed(Ledger.class).start()) {
            Patience.await("ten runs of each")
                    .until(() -> LEDGERS.stream()
                            .allMatch(ledger -> Ledger.texts(directory, ledger).size() >= 10));
            assertCounters(app);
            assertValues(app);
            assertTitles(app);
            assertThat(Files.readString(app.runDir().resolve("process-map.json")))
                    .contains("Kinds.unnamed");
        }
    }

    /// Two processes, each with an object of its own, whose field keeps its value.
    private void assertCounters(RunningApp app) {
        assertThat(Ledger.texts(directory, "count")).anyMatch(line -> line.startsWith("Counter#1 1 "));
        assertThat(Ledger.texts(directory, "count")).anyMatch(line -> line.startsWith("Counter#2 1 "));
        for (String name : List.of("Counter#1", "Counter#2")) {
            List<Entry> runs = Ledger.read(directory, "count").stream()
                    .filter(entry -> entry.pid() == app.pid(name))
                    .toList();
            Set<String> objects =
                    runs.stream().map(entry -> entry.text().split(" ", -1)[2]).collect(Collectors.toSet());
            assertThat(objects).hasSize(1);
            for (int i = 0; i < runs.size(); i++) {
                assertThat(runs.get(i).text()).startsWith(name + " " + (i + 1) + " ");
            }
        }
    }

    private void assertValues(RunningApp app) {
        JsonNode unnamed = app.slot("Kinds.unnamed");
        int slot = unnamed.get("slot").asInt();
        long pid = unnamed.get("pid").asLong();
        assertThat(Ledger.texts(directory, "unnamed"))
                .containsOnly(slot + " " + slot + " Kinds.unnamed " + pid + " " + app.masterPid() + " 7");
        int swapped = app.slot("Swapped").get("slot").asInt();
        assertThat(Ledger.texts(directory, "swapped")).containsOnly(swapped + " " + swapped + " false");
        assertThat(Ledger.texts(directory, "titled")).containsOnly("true");
        assertThat(Ledger.texts(directory, "handler")).containsOnly("Handler");
        assertThat(app.ps()).allSatisfy(row -> {
            assertThat(row.get("role").asString()).isEqualTo("user");
            assertThat(row.get("state").asString()).isEqualTo("RUNNING");
            assertThat(row.get("rssBytes").asLong()).isPositive();
        });
    }

    private static void assertTitles(RunningApp app) throws IOException {
        assertThat(title(app.pid("Handler"))).isEqualTo("java_user_proc:Handler");
        assertThat(title(app.pid("Counter#2"))).isEqualTo("java_user_proc:Counter#2");
        assertThat(title(app.pid("Titled"))).isEqualTo("counting sheep");
        assertThat(title(app.masterPid())).isEqualTo("java_master:Kinds");
        String stat = Files.readString(Path.of("/proc", Long.toString(app.pid("Titled")), "stat"));
        String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        assertThat(afterName[16]).as("nice value").isEqualTo("5");
        assertThat(Files.readString(Path.of("/proc", Long.toString(app.pid("Titled")), "status")))
                .containsPattern("Cpus_allowed_list:\\s+0\n");
    }

    /// What `ps` shows.
    private static String title(long pid) throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                .replace('\0', ' ')
                .strip();
    }
}
