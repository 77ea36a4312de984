package dev.muster.system.ledger;

/// All faults on PostgreSQL, with a line that can be cut.
class PostgresLedgerTest extends FaultMatrix {
    PostgresLedgerTest() {
        super("postgres");
    }
}
