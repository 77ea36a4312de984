package dev.muster.system.ledger;

/// All faults on SQLite: a file, which has no server to restart and no line to cut.
class SqliteLedgerTest extends FaultMatrix {
    SqliteLedgerTest() {
        super("sqlite");
    }
}
