/// The embedded durable queue: one SQLite file in the data directory behind the `Broker` port of core. Knows
/// where the file is and who may write to it; what is written is decided in `dev.muster.broker.sql`.
///
/// Start reading at [SqliteBroker], then [Database]; the file is described in docs/protocol/sqlite.md.
@NullMarked
package dev.muster.broker.sqlite;

import org.jspecify.annotations.NullMarked;
