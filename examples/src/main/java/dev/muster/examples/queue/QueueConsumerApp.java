package dev.muster.examples.queue;

import dev.muster.Muster;

/// The application of `muster run queue-consumer`: one user process.
public final class QueueConsumerApp {
    private QueueConsumerApp() {}

    public static void main(String[] args) {
        Muster.run(QueueConsumerApp.class, args);
    }
}
