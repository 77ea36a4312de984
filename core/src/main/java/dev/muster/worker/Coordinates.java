package dev.muster.worker;

import java.nio.file.Path;

/// Where this child belongs: what its master gave it on the command line and in the environment.
///
/// @param slot number of its slot
/// @param life how often the slot was filled
/// @param socket the master's control socket
/// @param board the file of the heartbeat board
/// @param master process id of the master
/// @param token proof towards the master, good for one [dev.muster.control.Message.Hello]
record Coordinates(int slot, int life, Path socket, Path board, long master, String token) {

    /// Reads those of this JVM.
    ///
    /// @throws IllegalStateException if one is missing: nobody but a master starts a child
    static Coordinates ofThisJvm() {
        String token = System.getenv("MUSTER_TOKEN");
        if (token == null) {
            throw missing("the environment variable MUSTER_TOKEN");
        }
        return new Coordinates(
                (int) number("slot"),
                (int) number("life"),
                Path.of(text("socket")),
                Path.of(text("board")),
                number("master"),
                token);
    }

    private static String text(String key) {
        String value = System.getProperty("muster.child." + key);
        if (value == null) {
            throw missing("-Dmuster.child." + key);
        }
        return value;
    }

    private static long number(String key) {
        String value = text(key);
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalStateException("-Dmuster.child." + key + "=" + value + " is not a number", e);
        }
    }

    private static IllegalStateException missing(String what) {
        return new IllegalStateException("this child of a Muster master lacks " + what
                + "; children are started by their master only, start the application without -Dmuster.child.slot");
    }
}
