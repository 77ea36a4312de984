package dev.muster.examples.users;

import static dev.muster.examples.users.generated.tables.UserTable.USERS;

import dev.muster.examples.users.generated.tables.records.UserRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;

/// The table of users, through the class that the build generated for it: a name or type that does not fit the schema
/// does not compile.
///
/// **Threads:** as the database that it is given. **Failure:** [org.jooq.exception.DataAccessException] when the
/// database does not answer; what a dead process had not committed, the database undoes.
final class Users {
    private static final int TO_BE_SYNCED = 0;
    private static final int SYNCED = 1;

    private final DSLContext database;

    Users(DSLContext database) {
        this.database = database;
    }

    /// Makes the table if there is none, and fills an empty one. An application of more than an example has tables
    /// already, or makes them by migrations.
    ///
    /// @param sample how many users
    void createTable(int sample) {
        String schema = schema();
        database.transaction(work -> {
            DSLContext all = work.dsl();
            all.connection(connection -> {
                try (Statement statement = connection.createStatement()) {
                    int _ = statement.executeUpdate(schema);
                }
            });
            if (sample > 0 && !all.fetchExists(USERS)) {
                List<UserRecord> made = new ArrayList<>();
                for (long id = 1; id <= sample; id++) {
                    made.add(new UserRecord(id, "user " + id, "user" + id + "@example.com", 0, TO_BE_SYNCED));
                }
                int[] _ = all.batchInsert(made).execute();
            }
        });
    }

    private static String schema() {
        try (InputStream in = Users.class.getResourceAsStream("schema.sql")) {
            if (in == null) {
                throw new IllegalStateException("schema.sql is not in the jar of the example");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Those who are to be synchronised, by their ids.
    ///
    /// @param last only ids above it
    /// @param limit at most so many
    List<UserRecord> unsynced(long last, int limit) {
        return database.selectFrom(USERS)
                .where(USERS.SYNC_STATUS.eq(TO_BE_SYNCED))
                .and(USERS.ID.gt(last))
                .orderBy(USERS.ID)
                .limit(limit)
                .fetch();
    }

    /// Marks a user as synchronised, if it still is what it was when it was read.
    ///
    /// @return false if it was changed or deleted since
    boolean markSynced(UserRecord user) {
        int changed = database.update(USERS)
                .set(USERS.SYNC_STATUS, SYNCED)
                .where(USERS.ID.eq(user.getId()))
                .and(USERS.VERSION.eq(user.getVersion()))
                .execute();
        return changed == 1;
    }
}
