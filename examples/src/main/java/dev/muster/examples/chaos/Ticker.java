package dev.muster.examples.chaos;

import dev.muster.UserProcess;

/// A user process whose runs must never overlap, whatever happens to their processes. A run lasts as long as the order
/// `ticker` stands.
@UserProcess(interval = 100, virtualThreads = false)
public class Ticker {
    /// One run.
    public void run() {
        String token = Ledger.begun("tick");
        if (!Orders.standing("ticker").isEmpty()) {
            Orders.await("ticker-goes-on");
        }
        Ledger.ended("tick", token);
    }
}
