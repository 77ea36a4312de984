/// The life of a task in SQL that SQLite and PostgreSQL both understand: what is decided and stored when tasks are
/// enqueued, claimed, settled, given back, mended and looked at. A broker of its own has the connections, the schema
/// and the few statements that differ. Tables: docs/protocol/sqlite.md.
///
/// **Many writers at once.** SQLite has one writer at a time. Under PostgreSQL's READ COMMITTED others write between
/// two statements of a transaction, therefore here
///
/// - a claimed task is changed by a statement that asks for its token and whether it is claimed; what is read to be
///   written back is locked before, by [Dialect#lock] or [Dialect#skipLocked];
/// - a number of a queue is changed by adding to it;
/// - locks are taken in one order: tasks, those of one transaction by id, then queues by name. Only who enqueues the
///   same new id to two queues at once can be ended by the database as a deadlock; [Lane#write] does it once more.
///
/// Start reading at [SqlBroker], then [Store] and [Dialect].
@NullMarked
package dev.muster.broker.sql;

import org.jspecify.annotations.NullMarked;
