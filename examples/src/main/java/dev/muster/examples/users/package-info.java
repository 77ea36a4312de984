/// `muster run user-sync`: the seed's `UserSyncProcess`, with typed tables that the build generates from `schema.sql`,
/// on SQLite or PostgreSQL.
///
/// Start reading at [UserSyncProcess].
@NullMarked
package dev.muster.examples.users;

import org.jspecify.annotations.NullMarked;
