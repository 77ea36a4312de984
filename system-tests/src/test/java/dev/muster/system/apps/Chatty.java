package dev.muster.system.apps;

import dev.muster.Log;
import dev.muster.Muster;
import dev.muster.UserProcess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Logs numbered lines, prints numbered lines, and saves an exception now and then.
public final class Chatty {
    private static final Logger LOG = LoggerFactory.getLogger("acme.Chatty");

    private int number;

    public static void main(String[] args) {
        Muster.run(Chatty.class, args);
    }

    @UserProcess(name = "Talker", interval = 20)
    public void talk() {
        for (int i = 0; i < 100; i++) {
            LOG.atInfo()
                    .addKeyValue("number", number)
                    .addKeyValue("of", "a thousand")
                    .log("logged");
            System.out.println("printed " + number);
            number++;
        }
        if (number % 1000 == 0) {
            Log.saveException(new IllegalStateException("at " + number), "payments");
        }
    }
}
