package dev.muster.examples.memory;

import dev.muster.memory.Channel;
import dev.muster.memory.Column;
import dev.muster.memory.Counter;
import dev.muster.memory.Table;

/// What the processes of this application share. Whoever uses one of them first creates it.
final class Shared {
    static final Table TABLE = Table.named("table", 1024, Column.text("value", 256), Column.int64("done"));

    /// At most 100 wait; then the producer does.
    static final Channel<Job> JOBS = Channel.json("jobs", 100, 1024, Job.class);

    /// How many jobs there have been. A producer that is restarted goes on where the one before was killed.
    static final Counter NUMBERS = Counter.named("numbers");

    /// Something to be done.
    record Job(long number, String text) {}

    private Shared() {}
}
