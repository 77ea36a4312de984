package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.UserProcess;
import java.time.Duration;

/// Three processes that wait for whatever comes.
public final class Patient {
    public static void main(String[] args) {
        Muster.run(Patient.class, args);
    }

    /// For those who kill it from outside.
    @UserProcess(name = "Waits", instances = 3)
    public void wait(ProcessContext process) throws InterruptedException {
        System.out.println("waiting");
        while (!process.stopping()) {
            boolean _ = process.sleep(Duration.ofHours(1));
        }
    }
}
