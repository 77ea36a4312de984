package dev.muster.examples.users;

import static dev.muster.examples.users.generated.tables.UserTable.USERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.examples.users.generated.tables.records.UserRecord;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UsersTest {
    @TempDir
    private Path directory;

    @Test
    void aPageBeginsBehindTheLastUserAndLeavesOutTheSynchronised() throws SQLException {
        try (Connection connection = open()) {
            Users users = new Users(DSL.using(connection, SQLDialect.SQLITE));
            users.createTable(5);
            assertThat(users.unsynced(Long.MIN_VALUE, 2))
                    .extracting(UserRecord::getId)
                    .containsExactly(1L, 2L);
            UserRecord third = users.unsynced(2, 1).getFirst();
            assertThat(users.markSynced(third)).isTrue();
            assertThat(users.unsynced(2, 2)).extracting(UserRecord::getId).containsExactly(4L, 5L);
            assertThat(users.unsynced(5, 2)).isEmpty();
        }
    }

    @Test
    void aUserWhoChangedMeanwhileIsNotMarked() throws SQLException {
        try (Connection connection = open()) {
            DSLContext database = DSL.using(connection, SQLDialect.SQLITE);
            Users users = new Users(database);
            users.createTable(1);
            UserRecord read = users.unsynced(0, 1).getFirst();
            int _ = database.update(USERS)
                    .set(USERS.EMAIL, "new@example.com")
                    .set(USERS.VERSION, USERS.VERSION.plus(1))
                    .set(USERS.SYNC_STATUS, 0)
                    .execute();

            assertThat(users.markSynced(read)).isFalse();

            UserRecord changed = users.unsynced(0, 1).getFirst();
            assertThat(changed.getEmail()).isEqualTo("new@example.com");
            assertThat(users.markSynced(changed)).isTrue();
        }
    }

    @Test
    void aTableThatHasUsersIsLeftAsItIs() throws SQLException {
        try (Connection connection = open()) {
            DSLContext database = DSL.using(connection, SQLDialect.SQLITE);
            Users users = new Users(database);
            users.createTable(0);
            assertThat(database.fetchCount(USERS)).isZero();
            int _ = database.batchInsert(List.of(new UserRecord(17L, "ann", "ann@example.com", 0, 0)))
                    .execute()
                    .length;

            users.createTable(5);

            assertThat(users.unsynced(0, 9)).extracting(UserRecord::getName).containsExactly("ann");
        }
    }

    private Connection open() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("users.db"));
    }
}
