package dev.muster.broker.redis;

import dev.muster.task.Broker.NewTask;
import dev.muster.task.Coordination;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What nodes agree on through the server, by its clock. Each lease is one change of one script. An instant of a
/// schedule is first booked for the queue that asks first, and then served by the script of that queue, which also
/// remembers it: so it is served once even by nodes that disagree about the queue.
///
/// **Threads:** safe for use by many threads and processes. **Failure:** a node that dies between booking and serving
/// leaves an instant that whoever fires it next serves.
final class Coordinating implements Coordination {
    private final Server server;
    private final Enqueueing enqueueing;
    private final Viewing viewing;

    Coordinating(Server server, Enqueueing enqueueing, Viewing viewing) {
        this.server = server;
        this.enqueueing = enqueueing;
        this.viewing = viewing;
    }

    @Override
    public Optional<Lease> lease(String name, String holder, String note, Duration term) {
        Coordination.requireLegal(name, holder, note, term);
        List<?> lease = (List<?>) server.call(
                "lease " + name,
                client -> Script.LEASE.run(
                        client, QueueKeys.NAMED, List.of(name, holder, note, Long.toString(term.toMillis()))));
        return lease.isEmpty()
                ? Optional.empty()
                : Optional.of(new Lease(name, holder, note, (Long) lease.get(0), instant(lease.get(1))));
    }

    @Override
    public void release(Lease lease) {
        String until = Long.toString(lease.until().toEpochMilli());
        Object _ = server.call(
                "release the lease of " + lease.name(),
                client -> Script.RELEASE.run(client, QueueKeys.NAMED, List.of(lease.name(), lease.holder(), until)));
    }

    @Override
    public List<Lease> leases(String prefix) {
        List<?> values = (List<?>)
                server.call("list the leases", client -> Script.LEASED.run(client, QueueKeys.NAMED, List.of(prefix)));
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < values.size(); i += 5) {
            leases.add(new Lease(
                    (String) values.get(i),
                    (String) values.get(i + 1),
                    (String) values.get(i + 2),
                    (Long) values.get(i + 3),
                    instant(values.get(i + 4))));
        }
        leases.sort(Comparator.comparing(Lease::name));
        return List.copyOf(leases);
    }

    private static Instant instant(Object millis) {
        return Instant.ofEpochMilli((Long) millis);
    }

    @Override
    public boolean fire(String schedule, Instant instant, NewTask task) {
        Coordination.requireLegal(schedule);
        String what = "serve the schedule " + schedule;
        String millis = Long.toString(instant.toEpochMilli());
        String queue = (String) server.call(
                what,
                client ->
                        Script.BOOK.run(client, List.of(QueueKeys.BOOKINGS), List.of(schedule, millis, task.queue())));
        if (queue.isEmpty()) {
            return false;
        }
        List<String> arguments = new ArrayList<>(List.of(schedule, millis));
        arguments.addAll(enqueueing.arguments(task));
        return (Long) server.run(what, Script.FIRE, queue, arguments) == 1;
    }

    @Override
    public Map<String, Instant> fired() {
        Map<String, Instant> fired = new TreeMap<>();
        viewing.each("list the schedules", (pipeline, queue) -> pipeline.hgetAll(queue.schedules()))
                .values()
                .forEach(served -> served.forEach((schedule, millis) -> {
                    Instant instant = Instant.ofEpochMilli(Long.parseLong(millis));
                    Instant _ = fired.merge(schedule, instant, (a, b) -> a.isAfter(b) ? a : b);
                }));
        return fired;
    }

    @Override
    public Instant seen(String schedule, Instant now) {
        Coordination.requireLegal(schedule);
        // Booked for no queue: so nothing up to that instant can be booked, and nothing was served.
        String unserved = now.truncatedTo(ChronoUnit.SECONDS).toEpochMilli() + " ";
        String booked = server.call("begin the schedule " + schedule, client -> {
            long _ = client.hsetnx(QueueKeys.BOOKINGS, schedule, unserved);
            return client.hget(QueueKeys.BOOKINGS, schedule);
        });
        int end = booked.indexOf(' ');
        Instant instant = Instant.ofEpochMilli(Long.parseLong(booked.substring(0, end)));
        // What was booked for a queue may wait to be served.
        return booked.length() == end + 1 ? instant : instant.minusMillis(1);
    }
}
