package dev.muster.scan;

import java.lang.classfile.ClassFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Turns `@Task` on methods into declarations.
final class TaskRules {
    private final Rules rules;
    private final Map<String, TaskDeclaration> byName = new TreeMap<>();

    TaskRules(CodeSources sources, Findings findings, boolean ownFactory) {
        this.rules = new Rules("@Task", sources, findings, ownFactory);
    }

    /// Reads one class.
    void read(ClassFacts type) {
        for (MethodFacts method : type.methods()) {
            Optional<AnnotationFacts> found = method.annotation(AnnotationFacts.TASK);
            if (found.isPresent() && method.written() && callable(type, method)) {
                add(method, found.get());
            }
        }
    }

    /// The name of the task that a method is.
    static String name(MethodFacts method, AnnotationFacts task) {
        String name = task.text("name", "");
        return name.isEmpty() ? method.place() : name;
    }

    /// All tasks that were read, in the order of their names.
    List<TaskDeclaration> tasks() {
        return new ArrayList<>(byName.values());
    }

    private boolean callable(ClassFacts type, MethodFacts method) {
        if (method.is(ClassFile.ACC_PRIVATE)) {
            rules.error(method.place(), "stands on a private method; make it public or package-private");
            return false;
        }
        if (method.is(ClassFile.ACC_ABSTRACT)) {
            rules.error(method.place(), "stands on an abstract method; annotate the method that implements it");
            return false;
        }
        return method.is(ClassFile.ACC_STATIC) || rules.checkObjects(method.place(), type);
    }

    private void add(MethodFacts method, AnnotationFacts task) {
        String place = method.place();
        String name = name(method, task);
        if (!task.text("name", "").isEmpty()) {
            rules.check(place, "name", name, Limits.taskName(name));
        }
        String queue = task.text("queue", "");
        rules.check(place, "queue", queue, Limits.queue(queue));
        long timeout = task.number("timeout", 0);
        rules.check(place, "timeout", timeout, Limits.millis(timeout, 0));
        long attempts = task.number("attempts", 1);
        rules.check(place, "attempts", attempts, Limits.attempts(attempts));
        String onCrash = task.text("onCrash", "");
        if (!onCrash.isEmpty() && !onCrash.equals("RETRY") && !onCrash.equals("DEAD")) {
            rules.error(place, "onCrash = " + onCrash + " is unknown to this version; build the class against it");
        }
        TaskDeclaration declaration = new TaskDeclaration(
                name,
                method.owner(),
                method.name(),
                method.descriptor(),
                method.is(ClassFile.ACC_STATIC),
                queue,
                timeout,
                (int) attempts,
                onCrash);
        TaskDeclaration before = byName.putIfAbsent(name, declaration);
        if (before != null) {
            rules.error(
                    signature(declaration),
                    "has the name '" + name + "', which " + signature(before)
                            + " has too; give one of them another name");
        }
    }

    private static String signature(TaskDeclaration task) {
        return task.className() + "." + task.methodName() + "(" + Descriptors.parameters(task.descriptor()) + ")";
    }
}
