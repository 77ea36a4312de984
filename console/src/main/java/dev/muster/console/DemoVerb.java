package dev.muster.console;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `muster demo`: the example application with 10,000 messages, and its account.
@Command(
        name = "demo",
        description =
                "Run the example application on a fresh data directory, let it work through 10,000 messages, some of"
                    + " which kill or hang their worker, and print the account. Ends with 0 if nothing is unaccounted"
                    + " for.")
final class DemoVerb extends Verb {
    private static final int FEWEST = 100;

    @Option(names = "--kill", description = "A seeded hand kills a random worker about three times a second all along.")
    private boolean kill;

    @Option(names = "--stay", description = "Leave the application running at the end, to look around.")
    private boolean stay;

    @Option(
            names = "--messages",
            paramLabel = "N",
            defaultValue = "10000",
            description = "How many; default ${DEFAULT-VALUE}.")
    private int messages;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "Makes messages and kills repeatable; default ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (messages < FEWEST) {
            throw usage("--messages " + messages + " must be " + FEWEST + " or more: every kind is among them");
        }
        Demo demo = Demo.prepare(messages, seed, kill, out(), this::say);
        return demo.run(stay).number();
    }
}
