package dev.muster.examples.memory;

import dev.muster.UserProcess;
import dev.muster.examples.memory.Shared.Job;
import dev.muster.memory.Delivery;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes jobs out of the channel, in two processes. Until a job is confirmed it comes back if the process dies.
@UserProcess(interval = 10, instances = 2)
public final class Consumer {
    private static final Logger LOG = LoggerFactory.getLogger(Consumer.class);

    public void run() throws InterruptedException {
        Optional<Delivery<Job>> next = Shared.JOBS.receive(Duration.ofSeconds(1));
        if (next.isPresent()) {
            Delivery<Job> delivery = next.get();
            Job job = delivery.message();
            long done = Shared.TABLE.increment("consumers", "done", 1);
            LOG.info("job {} ({}) is done, {} in all", job.number(), job.text(), done);
            delivery.confirm();
        }
    }
}
