package dev.muster.examples.demo;

import dev.muster.Log;
import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.UserProcess;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every two seconds, brings the users who are new in the table to the place where they should be known too. The seed
/// does it each minute.
@UserProcess(interval = 2_000)
public class DataSyncProcess {
    private static final Logger log = LoggerFactory.getLogger(DataSyncProcess.class);

    private int rounds;

    /// One round: some new users arrive, and every user who is not synchronised is.
    public void run(Server server, ProcessContext process) {
        try (Users users = Users.open()) {
            rounds++;
            for (int i = 0; i < 3; i++) {
                users.add("user-" + process.pid() + "-" + rounds + "-" + i);
            }
            List<Users.User> unsynced = users.unsynced(100);
            for (Users.User user : unsynced) {
                syncToExternal(user);
                users.markSynced(user);
            }
            log.atInfo().addKeyValue("count", unsynced.size()).log("users synchronised");
        } catch (SQLException | IOException e) {
            Log.saveException(e, "user_sync");
        }
    }

    private static void syncToExternal(Users.User user) {
        log.debug("user {} goes to the other system", user.name());
    }
}
