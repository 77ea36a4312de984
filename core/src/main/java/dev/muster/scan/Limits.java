package dev.muster.scan;

import dev.muster.Role;
import dev.muster.config.Durations;
import dev.muster.config.Names;
import java.util.Optional;

/// The bounds of what a declaration may say, each as a refusal: empty if the value is legal, else what it must be.
final class Limits {
    static final int MAX_INSTANCES = 1_000;
    static final int MAX_ATTEMPTS = 1_000;
    static final int MAX_CONCURRENCY = 15;
    static final long MIN_HEARTBEAT = 100;

    private static final int MAX_PREFIX = 32;
    private static final int MAX_QUEUE = 128;
    private static final int MAX_TASK_NAME = 128;

    private Limits() {}

    /// Of a process or a pool. Commands also take slot numbers and roles, so those are nobody's name.
    static Optional<String> processName(String name) {
        if (!Names.legal(name)) {
            return Optional.of(Names.LEGAL);
        }
        if (digits(name)) {
            return Optional.of("more than digits, which commands take for a slot number");
        }
        boolean role = name.equals("master");
        for (Role each : Role.values()) {
            role |= each.word().equals(name);
        }
        return role ? Optional.of("something else, since commands take it for a role") : Optional.empty();
    }

    private static boolean digits(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    static Optional<String> taskName(String name) {
        boolean legal = Names.plain(name) && !name.isEmpty() && name.length() <= MAX_TASK_NAME;
        return legal
                ? Optional.empty()
                : Optional.of("1 to " + MAX_TASK_NAME + " letters (a-z, A-Z), digits, '.', '_' or '-'");
    }

    /// Of a schedule: it stands in configuration keys, and in the ids of its tasks.
    static Optional<String> scheduleName(String name) {
        int max = ScheduleDeclaration.MAX_NAME;
        return Names.legal(name) && name.length() <= max
                ? Optional.empty()
                : Optional.of("1 to " + max + " letters (a-z, A-Z), digits, '.', '_' or '-', not beginning with '.' or"
                        + " '-'");
    }

    static Optional<String> prefix(String prefix) {
        return prefix.length() <= MAX_PREFIX && Names.plain(prefix)
                ? Optional.empty()
                : Optional.of("at most " + MAX_PREFIX + " letters (a-z, A-Z), digits, '.', '_' or '-'");
    }

    static Optional<String> queue(String queue) {
        return queue.length() <= MAX_QUEUE && Names.printable(queue)
                ? Optional.empty()
                : Optional.of("at most " + MAX_QUEUE + " characters without control characters");
    }

    static Optional<String> logFile(String log) {
        return log.isEmpty() || Names.legal(log)
                ? Optional.empty()
                : Optional.of("the name of a file without a directory: " + Names.LEGAL);
    }

    static Optional<String> instances(long instances) {
        return range(instances, 1, MAX_INSTANCES);
    }

    static Optional<String> attempts(long attempts) {
        return range(attempts, 1, MAX_ATTEMPTS);
    }

    /// Of tasks at once in one worker: each has a mark on the board, and one mark is for outcomes that are not
    /// stored yet.
    static Optional<String> concurrency(long concurrency) {
        return range(concurrency, 1, MAX_CONCURRENCY);
    }

    /// Of a time in milliseconds.
    static Optional<String> millis(long millis, long least) {
        return range(millis, least, Durations.MAX_MILLIS);
    }

    private static Optional<String> range(long value, long least, long most) {
        return value >= least && value <= most ? Optional.empty() : Optional.of("from " + least + " to " + most);
    }
}
