package dev.muster.broker.postgres;

/// The advisory locks of a schema; a database administrator sees them in `pg_locks`.
enum AdvisoryLock {
    /// Held by whoever makes the tables.
    MIGRATING(0),

    /// Held by whoever keeps the small tables small.
    TIDYING(1);

    /// "Mstr" in the upper half.
    private static final long OURS = 0x4d737472L << 32;

    private final int number;

    AdvisoryLock(int number) {
        this.number = number;
    }

    /// The key among those of the database.
    long key(String schema) {
        return OURS + (schema.hashCode() * 31L + number & 0xffff_ffffL);
    }
}
