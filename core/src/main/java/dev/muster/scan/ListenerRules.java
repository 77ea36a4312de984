package dev.muster.scan;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Turns `@ServerEvents` on classes into the list of the server's listeners.
final class ListenerRules {
    private static final String LISTENER = "dev/muster/ServerListener";
    /// A listener too, in a jar of Muster that is not scanned.
    private static final String ROUTES = "dev/muster/server/Routes";

    private final Rules rules;
    private final Findings findings;
    /// Binary names, and whether the class has an `onTask` of its own.
    private final NavigableMap<String, Boolean> found = new TreeMap<>();

    ListenerRules(CodeSources sources, Findings findings, boolean ownFactory) {
        this.findings = findings;
        this.rules = new Rules("@ServerEvents", sources, findings, ownFactory);
    }

    /// Reads one class.
    void read(ClassFacts type) {
        if (type.annotation(AnnotationFacts.SERVER_EVENTS).isEmpty() || !rules.checkObjects(type.name(), type)) {
            return;
        }
        Hierarchy hierarchy = Hierarchy.of(type, rules.sources());
        if (!hierarchy.reaches(LISTENER) && !hierarchy.reaches(ROUTES)) {
            rules.error(
                    type.name(), "needs a class that implements ServerListener; implement it" + hierarchy.unseenHint());
            return;
        }
        if (hierarchy.reaches(ROUTES)
                || !hierarchy.publicMethods("onRequest").isEmpty()
                || !hierarchy.publicMethods("onMessage").isEmpty()) {
            findings.warning(Advice.unheard(type.name()));
        }
        boolean tasks = !hierarchy.publicMethods("onTask").isEmpty();
        for (String other : tasks ? List.copyOf(found.keySet()) : List.<String>of()) {
            if (Boolean.TRUE.equals(found.get(other))) {
                rules.error(
                        type.name(),
                        "has onTask, and " + other + " has it too: a task has one result; keep one of them");
            }
        }
        boolean _ = Boolean.TRUE.equals(found.put(type.name(), tasks));
    }

    /// All that were read, in the order of their names.
    List<String> listeners() {
        return new ArrayList<>(found.keySet());
    }
}
