package dev.muster.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UsersTest {
    @TempDir
    private Path directory;

    @Test
    void aUserIsSynchronisedOnceAndStaysSoForOthers() throws SQLException {
        Path file = directory.resolve("demo.db");
        try (Users users = Users.open(file)) {
            users.add("ann");
            users.add("bob");
            users.add("cem");
            assertThat(users.unsynced(2)).extracting(Users.User::name).containsExactly("ann", "bob");
            for (Users.User user : users.unsynced(2)) {
                users.markSynced(user);
            }
        }
        try (Users others = Users.open(file)) {
            assertThat(others.unsynced(100)).extracting(Users.User::name).containsExactly("cem");
            assertThat(others.count()).isEqualTo(3);
        }
    }
}
