package dev.muster.examples.demo;

import dev.muster.ProcessContext;
import dev.muster.Server;
import dev.muster.UserProcess;
import java.time.Duration;

/// Works in a loop of its own until it is asked to end, and then says good-bye in its own time.
@UserProcess(interval = 5_000)
public class GracefulProcess {
    private volatile boolean running = true;

    /// One run that lasts as long as the process.
    public void run(Server server, ProcessContext process) throws InterruptedException {
        process.onSignal("TERM", () -> running = false);
        while (running && !process.stopping()) {
            process.heartbeat();
            process.sleep(Duration.ofSeconds(1));
        }
        System.out.println("the process ends gracefully");
    }
}
