package dev.muster.system.ledger;

/// All faults on Redis, with a line that can be cut.
class RedisLedgerTest extends FaultMatrix {
    RedisLedgerTest() {
        super("redis");
    }
}
