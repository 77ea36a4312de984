package dev.muster.broker.redis;

import java.util.List;

/// The keys of one queue. All of them lie in one slot of a cluster: the list carries the bare name, as PHP knows it,
/// and the others have that name in braces.
///
/// @param list the messages that are ready, the oldest at its right end
/// @param scheduled ids of the tasks that wait for their time
/// @param dead ids of the dead letters
/// @param all in the order in which the scripts know them
record QueueKeys(String list, String scheduled, String dead, List<String> all) {
    /// The names of all queues that were ever used.
    static final String QUEUES = "muster:queues";

    /// The connections that wait for tasks, of all processes.
    static final String WAITERS = "muster:waiters";

    /// When the lease of each worker runs out.
    static final String LEASES = "muster:leases";

    static QueueKeys of(String queue) {
        String prefix = "muster:{" + queue + "}:";
        String scheduled = prefix + "scheduled";
        String dead = prefix + "dead";
        return new QueueKeys(
                queue,
                scheduled,
                dead,
                List.of(
                        queue,
                        prefix + "tasks",
                        prefix + "index",
                        prefix + "running",
                        prefix + "owners",
                        scheduled,
                        dead,
                        prefix + "counts"));
    }

    /// The claims of each owner.
    String owners() {
        return all.get(4);
    }
}
