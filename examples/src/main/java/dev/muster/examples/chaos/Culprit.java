package dev.muster.examples.chaos;

import dev.muster.UserProcess;

/// A user process that does what the order `culprit` says, once; the order `culprit-always` is followed in each life at
/// once.
@UserProcess(interval = 100, runTimeout = 1_000)
public class Culprit {
    /// Follows an order, if there is one.
    public void run() {
        perform(Orders.standing("culprit-always"));
        perform(Orders.taken("culprit"));
    }

    private static void perform(String order) {
        String[] words = order.split(" ", 2);
        switch (words[0]) {
            case "" -> {}
            case "spin" -> Misdeeds.spin();
            case "hang" -> Misdeeds.hang();
            case "deadlock" -> Misdeeds.deadlock();
            case "carriers" -> Misdeeds.occupyCarriers();
            case "deafen" -> Misdeeds.deafen();
            case "direct" -> Misdeeds.exhaustDirectMemory();
            case "exit" -> System.exit(Integer.parseInt(words[1]));
            case "halt" -> Runtime.getRuntime().halt(Integer.parseInt(words[1]));
            case "throw" -> throw new IllegalStateException("the culprit was told to throw");
            default -> throw new IllegalArgumentException("there is no order '" + order + "' for the culprit");
        }
    }
}
