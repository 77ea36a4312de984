package dev.muster.broker.redis;

import java.util.ArrayList;
import java.util.List;

/// The keys of one queue, and those that belong to none. All keys of one queue lie in one slot of a cluster: the list
/// carries the bare name, as PHP knows it, and the others have that name in braces.
///
/// @param all in the order in which the scripts know them
record QueueKeys(List<String> all) {
    /// How all keys begin that are none of PHP's.
    static final String OWN = "muster:";

    /// The names of all queues that were ever used.
    static final String QUEUES = "muster:queues";

    /// How often waiting workers were woken.
    static final String WAKES = "muster:wakes";

    /// When the lease of each worker runs out.
    static final String LEASES = "muster:leases";

    /// Which queue serves the latest instant of each schedule.
    static final String BOOKINGS = "muster:schedules";

    /// What nodes have leased, and when it runs out; in one slot.
    static final List<String> NAMED = List.of("muster:named", "muster:{muster:named}:ends");

    private static final List<String> KINDS = List.of(
            "tasks",
            "index",
            "running",
            "owners",
            "scheduled",
            "dead",
            "counts",
            "ranked",
            "unique",
            "kept",
            "cancelled",
            "paused",
            "schedules");

    static QueueKeys of(String queue) {
        List<String> all = new ArrayList<>();
        all.add(queue);
        for (String kind : KINDS) {
            all.add("muster:{" + queue + "}:" + kind);
        }
        return new QueueKeys(List.copyOf(all));
    }

    private String of(int kind) {
        return all.get(1 + kind);
    }

    /// The messages that are ready and have no priority, the oldest at its right end.
    String list() {
        return all.getFirst();
    }

    /// The claims of each owner.
    String owners() {
        return of(3);
    }

    /// Ids of the tasks that wait for their time.
    String scheduled() {
        return of(4);
    }

    /// Ids of the dead letters.
    String dead() {
        return of(5);
    }

    /// Numbers, and whether the name of the queue is kept.
    String counts() {
        return of(6);
    }

    /// Ids of the tasks that are ready and have a priority.
    String ranked() {
        return of(7);
    }

    /// The owner of each claimed task that was cancelled.
    String cancelled() {
        return of(10);
    }

    /// There while the queue is paused.
    String paused() {
        return of(11);
    }

    /// The latest instant of each schedule that this queue served.
    String schedules() {
        return of(12);
    }
}
