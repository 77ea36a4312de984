package dev.muster.scan;

import dev.muster.Role;
import java.util.Optional;

/// Turns `@Pool` on classes into declarations.
final class PoolRules {
    static final long DEFAULT_HEARTBEAT = 10_000;

    private static final String POOL_CLASS = "dev/muster/WorkerPool";

    private final Rules rules;

    PoolRules(CodeSources sources, Findings findings, boolean ownFactory) {
        this.rules = new Rules("@Pool", sources, findings, ownFactory);
    }

    /// The declaration of one class, empty if there is none or it cannot work.
    Optional<Declared> read(ClassFacts type) {
        Optional<AnnotationFacts> found = type.annotation(AnnotationFacts.POOL);
        if (found.isEmpty() || !rules.checkObjects(type.name(), type)) {
            return Optional.empty();
        }
        Hierarchy hierarchy = Hierarchy.of(type, rules.sources());
        if (!hierarchy.reaches(POOL_CLASS)) {
            rules.error(type.name(), "needs a class that extends WorkerPool; extend it" + hierarchy.unseenHint());
            return Optional.empty();
        }
        return Optional.of(new Declared(declaration(type, found.get()), type.name()));
    }

    private Declaration declaration(ClassFacts type, AnnotationFacts pool) {
        String place = type.name();
        String name = pool.text("name", "");
        if (name.isEmpty()) {
            name = type.simpleName();
        }
        rules.check(place, "name", name, Limits.processName(name));
        String prefix = pool.text("prefix", "");
        rules.check(place, "prefix", prefix, Limits.prefix(prefix));
        long instances = pool.number("instances", 1);
        rules.check(place, "instances", instances, Limits.instances(instances));
        long concurrency = pool.number("concurrency", 1);
        rules.check(place, "concurrency", concurrency, Limits.concurrency(concurrency));
        long heartbeat = pool.number("heartbeat", DEFAULT_HEARTBEAT);
        rules.check(place, "heartbeat", heartbeat, Limits.millis(heartbeat, Limits.MIN_HEARTBEAT));
        String queue = pool.text("queue", "");
        rules.check(place, "queue", queue, Limits.queue(queue));
        String log = pool.text("log", "");
        rules.check(place, "log", log, Limits.logFile(log));
        return new Declaration.Workers(
                Role.POOL, name, type.name(), prefix, (int) instances, (int) concurrency, heartbeat, queue, log);
    }
}
