package dev.muster.examples.demo;

import dev.muster.ProcessContext;
import dev.muster.ProcessHandler;
import dev.muster.Server;
import dev.muster.UserProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Measures each of its runs and writes it down with its context, through the interface instead of a method found by
/// its name.
@UserProcess(interval = 1_000)
public class MonitoredProcess implements ProcessHandler {
    private static final Logger log = LoggerFactory.getLogger(MonitoredProcess.class);

    @Override
    public void handle(Server server, ProcessContext process) {
        long start = System.nanoTime();
        log.atInfo().addKeyValue("process", process.name()).log("run begins");
        long primes = primesBelow(10_000);
        log.atInfo()
                .addKeyValue("primes", primes)
                .addKeyValue("micros", (System.nanoTime() - start) / 1_000)
                .log("run ends");
    }

    private static long primesBelow(int bound) {
        boolean[] composite = new boolean[bound];
        long primes = 0;
        for (int n = 2; n < bound; n++) {
            if (!composite[n]) {
                primes++;
                for (long multiple = (long) n * n; multiple < bound; multiple += n) {
                    composite[(int) multiple] = true;
                }
            }
        }
        return primes;
    }
}
