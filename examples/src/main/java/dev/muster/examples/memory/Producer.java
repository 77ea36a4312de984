package dev.muster.examples.memory;

import dev.muster.UserProcess;
import dev.muster.examples.memory.Shared.Job;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts a job into the channel twice a second. If nobody takes them the channel is full after 100, and it waits.
@UserProcess(every = "500ms")
public final class Producer {
    private static final Logger LOG = LoggerFactory.getLogger(Producer.class);

    public void run() throws InterruptedException {
        long number = Shared.NUMBERS.add(1);
        if (!Shared.JOBS.offer(new Job(number, "a letter to customer " + number), Duration.ofSeconds(5))) {
            LOG.warn("job {} was not taken: the channel is full", number);
        }
    }
}
