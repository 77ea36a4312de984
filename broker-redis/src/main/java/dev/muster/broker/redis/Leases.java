package dev.muster.broker.redis;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Until when each worker keeps its claims, by the clock of the server.
///
/// **Threads:** safe for use by many threads. **Failure:** a worker that is frozen longer than its lease may find its
/// claims gone; its outcomes are refused then, because their tokens are stale.
final class Leases {
    private final Server server;

    Leases(Server server) {
        this.server = server;
    }

    void renew(String owner, Duration lease) {
        Object _ = server.call(
                "renew the lease of this worker",
                client -> Script.RENEW.run(client, KEYS, List.of(owner, Long.toString(lease.toMillis()))));
    }

    /// Those whose leases have not run out.
    Set<String> living() {
        List<?> owners = (List<?>)
                server.call("look at the leases of workers", client -> Script.LIVING.run(client, KEYS, List.of()));
        Set<String> living = new HashSet<>();
        owners.forEach(owner -> living.add(owner.toString()));
        return living;
    }

    private static final List<String> KEYS = List.of(QueueKeys.LEASES);
}
