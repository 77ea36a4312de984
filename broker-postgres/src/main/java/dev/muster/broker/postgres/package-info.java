/// The queue in a PostgreSQL database, shared by all processes of all machines that know its address. Knows how the
/// server is spoken to and who hears of what; what is written is decided in `dev.muster.broker.sql`.
///
/// Start reading at [PostgresBroker], then [PostgresStore] and [PooledLane]; the tables are described in
/// docs/protocol/postgres.md.
@NullMarked
package dev.muster.broker.postgres;

import org.jspecify.annotations.NullMarked;
