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
    private final Findings findings;
    private final RetryRules retries;
    private final Map<String, TaskDeclaration> byName = new TreeMap<>();

    TaskRules(CodeSources sources, Findings findings, boolean ownFactory) {
        this.rules = new Rules("@Task", sources, findings, ownFactory);
        this.findings = findings;
        this.retries = new RetryRules(sources, findings, ownFactory);
    }

    /// Reads one class.
    void read(ClassFacts type) {
        for (MethodFacts method : type.methods()) {
            Optional<AnnotationFacts> found = method.annotation(AnnotationFacts.TASK);
            if (!method.written()) {
                continue;
            }
            if (found.isEmpty() && method.annotation(AnnotationFacts.RETRY).isPresent()) {
                retries.alone(method);
            }
            if (found.isPresent() && callable(type, method)) {
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
        if (method.descriptor().indexOf(Descriptors.CONTEXT)
                != method.descriptor().lastIndexOf(Descriptors.CONTEXT)) {
            rules.error(method.place(), "takes the TaskContext more than once; once is enough");
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
        long soft = task.number("softTimeout", 0);
        rules.check(place, "softTimeout", soft, Limits.millis(soft, 0));
        if (soft > 0 && timeout > 0 && soft >= timeout) {
            rules.error(
                    place,
                    "softTimeout = " + soft + " must be below timeout = " + timeout
                            + ": a task that is killed cannot be interrupted any more");
        }
        RetryRule retry = method.annotation(AnnotationFacts.RETRY)
                .map(facts -> retries.read(method, facts))
                .orElse(RetryRule.NONE);
        int attempts = attempts(method, task, retry);
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
                soft,
                attempts,
                onCrash,
                retry);
        TaskDeclaration before = byName.putIfAbsent(name, declaration);
        if (before != null) {
            rules.error(
                    signature(declaration),
                    "has the name '" + name + "', which " + signature(before)
                            + " has too; give one of them another name");
        }
    }

    /// Executions in total: what is written; else what follows from `@Retry`; else one.
    private int attempts(MethodFacts method, AnnotationFacts task, RetryRule retry) {
        if (task.has("attempts")) {
            long attempts = task.number("attempts", 1);
            rules.check(method.place(), "attempts", attempts, Limits.attempts(attempts));
            return (int) attempts;
        }
        if (retry.within() > 0) {
            return 0;
        }
        if (!retry.delays().isEmpty()) {
            return 1 + retry.delays().size();
        }
        if (method.annotation(AnnotationFacts.RETRY)
                .filter(facts -> facts.has("base") || facts.has("factor") || facts.has("cap") || facts.has("retry"))
                .isPresent()) {
            findings.warning("the task " + method.place() + " has @Retry and one attempt: it is tried again only where"
                    + " its message says how often; set attempts of @Task to its executions in total");
        }
        return 1;
    }

    private static String signature(TaskDeclaration task) {
        return task.className() + "." + task.methodName() + "(" + Descriptors.parameters(task.descriptor()) + ")";
    }
}
