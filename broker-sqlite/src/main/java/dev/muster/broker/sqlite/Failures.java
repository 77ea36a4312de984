package dev.muster.broker.sqlite;

import dev.muster.task.BrokerException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteException;

/// SQLite's errors as sentences that say what to do.
final class Failures {
    // Primary result codes, https://www.sqlite.org/rescode.html; the extended ones hold them in their lowest byte.
    static final int BUSY = 5;
    private static final int PERM = 3;
    private static final int READONLY = 8;
    private static final int IOERR = 10;
    private static final int CORRUPT = 11;
    static final int FULL = 13;
    private static final int CANTOPEN = 14;
    private static final int NOTADB = 26;

    private Failures() {}

    static int code(SQLException e) {
        return e instanceof SQLiteException exact ? exact.getResultCode().code & 0xff : e.getErrorCode() & 0xff;
    }

    /// @param lastHolder pid of the process that wrote last, 0 if unknown
    static BrokerException explain(String what, Path file, SQLException e, int lastHolder) {
        String why = switch (code(e)) {
            case FULL ->
                "the disk that holds " + file
                        + " is full or has reached a limit; nothing of this batch was kept: make room, it goes on by"
                        + " itself";
            case BUSY ->
                file + " has been locked by another process for "
                        + SqliteSession.PATIENCE / 1_000_000_000 + " s"
                        + (lastHolder == 0 ? "" : " (the last one to write was pid " + lastHolder + ")")
                        + "; nothing was changed: end the program that holds it open, a database shell perhaps";
            case CORRUPT ->
                file + " is damaged (" + e.getMessage() + "); stop the application, keep a copy of"
                        + " the file and of those beside it, and rescue what is left with: sqlite3 " + file
                        + " .recover";
            case NOTADB ->
                file + " is not an SQLite database; set tasks.sqlite.file to another file, or remove" + " this one";
            case READONLY, PERM ->
                file + " cannot be written by this user, or is on a disk that is mounted" + " read-only ("
                        + e.getMessage() + "); nothing was changed";
            case CANTOPEN ->
                file + " or a file beside it cannot be opened (" + e.getMessage()
                        + "); it must be a plain file in a directory that this user can write";
            case IOERR ->
                "the disk that holds " + file + " failed (" + e.getMessage()
                        + "); whether this change was kept is unknown, repeating it is harmless for claims and"
                        + " outcomes, and for new tasks that have an id of their own";
            default -> file + ": " + e.getMessage();
        };
        return new BrokerException("cannot " + what + ": " + why, e);
    }
}
