package dev.muster.broker.postgres;

import java.sql.SQLException;

/// The connection broke in the moment of the commit, and afterwards the server could not be asked whether it was made.
final class UnknownCommitException extends SQLException {
    private static final long serialVersionUID = 1L;

    private final transient Receipt receipt;
    private final transient Object result;

    /// @param receipt of the transaction
    /// @param result of the transaction, if it was committed
    UnknownCommitException(SQLException reason, Receipt receipt, Object result) {
        super(
                reason.getMessage()
                        + ", in the moment of the commit: whether it was made is unknown, and repeating it is"
                        + " harmless for claims and outcomes, and for new tasks that have an id or a unique key",
                reason.getSQLState(),
                reason);
        this.receipt = receipt;
        this.result = result;
    }

    Receipt receipt() {
        return receipt;
    }

    Object result() {
        return result;
    }
}
