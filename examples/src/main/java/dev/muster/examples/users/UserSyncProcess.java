package dev.muster.examples.users;

import dev.muster.Log;
import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.UserProcess;
import dev.muster.examples.shared.Configuration;
import dev.muster.examples.shared.Databases;
import dev.muster.examples.shared.OtherSystem;
import dev.muster.examples.users.generated.tables.records.UserRecord;
import java.io.IOException;
import java.util.List;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/// Every minute, brings the users whose `sync_status` is 0 to another system, and sets it to 1.
///
/// As in the seed, with what its version lacks: a user who is refused does not stop those behind it; a run goes on
/// until there is nobody left, instead of ending after a hundred; a user who is changed while being brought away is
/// brought once more; a stop is seen after each user; and a user at whom nothing moves for a minute gets the process
/// killed.
///
/// **Failure:** a user whose process dies between the call and the mark is brought again by the next one.
@UserProcess(interval = 60_000, runTimeout = 60_000)
public class UserSyncProcess {
    private static final Logger log = LoggerFactory.getLogger(UserSyncProcess.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PAGE = 100;

    /// With so many failures in a row it is the other system that is wrong, and not the users.
    private static final int HOPELESS = 10;

    private final Users users = new Users(Databases.named("default"));
    private final OtherSystem other = OtherSystem.named("other-system");
    private final int sample = Configuration.ofThisProcess().number("users.sample", 0, 100_000, 250);
    private boolean tableExists;
    private long last = Long.MIN_VALUE;
    private int synced;
    private int failed;
    private int failedInRow;

    /// One round. One that was given up goes on behind the last user the next time, so that those who are refused
    /// are not all that is ever tried.
    public void run(Server server, ProcessContext process) {
        log.info("user synchronisation begins");
        synced = 0;
        failed = 0;
        failedInRow = 0;
        try {
            if (!tableExists) {
                users.createTable(sample);
                tableExists = true;
            }
            List<UserRecord> page;
            do {
                page = users.unsynced(last, PAGE);
                for (UserRecord user : page) {
                    if (isOver(process)) {
                        break;
                    }
                    process.heartbeat();
                    sync(user);
                    last = user.getId();
                }
            } while (page.size() == PAGE && !isOver(process));
            if (!isOver(process)) {
                last = Long.MIN_VALUE;
            }
        } catch (DataAccessException e) {
            Log.saveException(e, "user_sync");
        }
        log.atInfo().addKeyValue("count", synced).addKeyValue("failed", failed).log("user synchronisation ends");
    }

    private boolean isOver(ProcessContext process) {
        return process.stopping() || failedInRow == HOPELESS;
    }

    private void sync(UserRecord user) {
        try {
            syncToExternal(user);
            if (users.markSynced(user)) {
                synced++;
            }
            failedInRow = 0;
        } catch (IOException e) {
            failed++;
            failedInRow++;
            Log.saveException(
                    new IOException("user " + user.getId() + " was not taken: " + e.getMessage(), e), "user_sync");
        }
    }

    /// What the other system is to know of a user.
    private record Known(long id, String name, String email) {}

    private void syncToExternal(UserRecord user) throws IOException {
        String known = JSON.writeValueAsString(new Known(user.getId(), user.getName(), user.getEmail()));
        other.put("user-" + user.getId() + ".json", known);
    }
}
