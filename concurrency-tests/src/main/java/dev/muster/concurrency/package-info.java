/// The order of memory, under stress: each class is one protocol of docs/protocol in which two threads meet, and says
/// of every outcome why it can be or must not be. Threads of one JVM work on the same mapped memory as processes do;
/// what a process leaves that dies in between is the subject of other tests.
///
/// Start reading at [dev.muster.concurrency.memory.RowReadTest]. `concurrency-tests/run` runs them.
@NullMarked
package dev.muster.concurrency;

import org.jspecify.annotations.NullMarked;
