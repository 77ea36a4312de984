package dev.muster.examples.demo;

import dev.muster.UserProcess;
import java.io.IOException;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A class with a method that is a user process: it needs neither a class of its own nor parameters.
public class Housekeeping {
    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    /// Says how many users there are.
    @UserProcess(every = "5s", virtualThreads = false)
    public void countUsers() throws SQLException, IOException {
        try (Users users = Users.open()) {
            log.atInfo().addKeyValue("users", users.count()).log("users counted");
        }
    }
}
