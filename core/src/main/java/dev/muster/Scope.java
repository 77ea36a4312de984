package dev.muster;

/// Where a user process works when several nodes share a broker.
public enum Scope {
    /// On each node. The default.
    NODE,
    /// On one node at a time: a process works while it holds a lease in the broker, and those of the other nodes
    /// wait, booted, to take over. When its node dies it moves within 20 seconds; when only the process dies, it is
    /// restarted where it was. A process that cannot renew its lease in time is ended before another one starts,
    /// so that there are never two at once as far as the clocks of the store and of this machine go on alike.
    CLUSTER
}
