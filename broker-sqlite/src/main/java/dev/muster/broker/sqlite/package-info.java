/// The embedded durable queue: one SQLite file in the data directory behind the `Broker` port of core. Knows the life
/// of a task as far as it is stored, and nothing of what tasks do.
///
/// Start reading at [SqliteBroker]; the file is described in docs/protocol/sqlite.md.
@NullMarked
package dev.muster.broker.sqlite;

import org.jspecify.annotations.NullMarked;
