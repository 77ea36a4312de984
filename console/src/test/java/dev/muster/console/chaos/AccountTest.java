package dev.muster.console.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.SettingsLoader;
import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Brokers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccountTest {
    @TempDir
    Path directory;

    @Test
    void closesWhenQueueAndLedgerAgree() throws IOException {
        try (Broker broker = broker()) {
            Workload work = new Workload(broker);
            String key = work.put("hands", "note");
            settle(broker);
            assertThat(account(work, broker).complaints()).hasSize(1);

            note("100 7 begin " + key + " a");
            note("200 7 end " + key + " a");
            assertThat(account(work, broker)).isEqualTo(new Account(1, 1, 0, 0, 0, 0));
        }
    }

    @Test
    void aTaskThatIsNeitherDoneNorDeadIsUnaccountedFor() throws IOException {
        try (Broker broker = broker()) {
            Workload work = new Workload(broker);
            String key = work.put("hands", "note");
            note("100 7 begin " + key + " a");
            assertThat(account(work, broker).unaccounted()).isEqualTo(1);
        }
    }

    @Test
    void aSecondStartIsGroundlessWhileTheFirstProcessLives() throws IOException {
        try (Broker broker = broker()) {
            Workload work = new Workload(broker);
            String key = work.put("hands", "note");
            settle(broker);
            note("100 7 begin " + key + " a");
            note("200 8 begin " + key + " b");
            note("300 8 end " + key + " b");
            Ledger ledger = ledger();
            assertThat(Account.of(work, ledger, broker, Set.of(8L)).complaints())
                    .isEmpty();
            assertThat(Account.of(work, ledger, broker, Set.of(7L, 8L)).groundless())
                    .isEqualTo(1);
        }
    }

    private Broker broker() {
        List<String> sets = List.of("data.dir=" + directory, "run.dir=" + directory.resolve("run"));
        return Brokers.open(SettingsLoader.load("test", null, Map.of(), sets));
    }

    private static void settle(Broker broker) {
        List<Claim> claims = broker.claim("hands", "me", 10);
        List<Outcome> done = claims.stream().<Outcome>map(Outcome.Done::new).toList();
        assertThat(broker.settle(done)).isEmpty();
    }

    private Account account(Workload work, Broker broker) {
        return Account.of(work, ledger(), broker, Set.of());
    }

    private Ledger ledger() {
        return new Ledger(directory.resolve("ledger"));
    }

    private void note(String line) throws IOException {
        Files.writeString(
                directory.resolve("ledger"), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
