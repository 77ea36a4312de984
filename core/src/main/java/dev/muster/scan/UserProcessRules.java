package dev.muster.scan;

import dev.muster.OnError;
import dev.muster.PipeType;
import dev.muster.RestartPolicy;
import dev.muster.Scope;
import dev.muster.config.Durations;
import java.lang.classfile.ClassFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Turns `@UserProcess` on classes and methods into declarations.
final class UserProcessRules {
    static final long DEFAULT_INTERVAL = 200;

    private static final String HANDLER = "dev/muster/ProcessHandler";
    private static final String PARAMETERS = "Server and ProcessContext, each at most once";

    private final Rules rules;

    UserProcessRules(CodeSources sources, Findings findings, boolean ownFactory) {
        this.rules = new Rules("@UserProcess", sources, findings, ownFactory);
    }

    /// The declarations of one class, without those that have errors in what makes them runnable.
    List<Declared> read(ClassFacts type) {
        List<Declared> declared = new ArrayList<>();
        Optional<AnnotationFacts> onClass = type.annotation(AnnotationFacts.USER_PROCESS);
        if (onClass.isPresent() && rules.checkObjects(type.name(), type)) {
            Optional<String> method = methodOf(type);
            method.ifPresent(
                    name -> declared.add(declaration(type.name(), onClass.get(), type.simpleName(), type, name)));
        }
        for (MethodFacts method : type.methods()) {
            Optional<AnnotationFacts> onMethod = method.annotation(AnnotationFacts.USER_PROCESS);
            if (onMethod.isPresent() && method.written() && runnable(type, method)) {
                String name = type.simpleName() + "." + method.name();
                declared.add(declaration(method.place(), onMethod.get(), name, type, method.name()));
            }
        }
        return declared;
    }

    /// The method that a class-level annotation means, empty after an error.
    private Optional<String> methodOf(ClassFacts type) {
        Hierarchy hierarchy = Hierarchy.of(type, rules.sources());
        if (hierarchy.reaches(HANDLER)) {
            return Optional.of("handle");
        }
        List<MethodFacts> runs = hierarchy.publicMethods("run");
        List<MethodFacts> handles = hierarchy.publicMethods("handle");
        if (runs.isEmpty() && handles.isEmpty()) {
            rules.error(
                    type.name(),
                    "needs something to run: implement ProcessHandler, or add one public method run or handle that is"
                            + " not static" + hierarchy.unseenHint());
            return Optional.empty();
        }
        if (!runs.isEmpty() && !handles.isEmpty()) {
            rules.error(
                    type.name(),
                    "is ambiguous: there are both " + runs.getFirst().place() + " and "
                            + handles.getFirst().place() + "; rename one, or annotate the method instead of the class");
            return Optional.empty();
        }
        List<MethodFacts> methods = runs.isEmpty() ? handles : runs;
        MethodFacts method = methods.getFirst();
        if (methods.size() > 1) {
            rules.error(
                    method.place(),
                    "is ambiguous: there are " + methods.size() + " public methods " + method.name()
                            + "; keep one, or annotate a method with another name instead of the class");
            return Optional.empty();
        }
        return checkParameters(method) ? Optional.of(method.name()) : Optional.empty();
    }

    private boolean runnable(ClassFacts type, MethodFacts method) {
        if (!method.is(ClassFile.ACC_PUBLIC)) {
            rules.error(method.place(), "stands on a method that is not public; make it public");
            return false;
        }
        if (method.is(ClassFile.ACC_STATIC)) {
            rules.error(
                    method.place(),
                    "stands on a static method; make it an instance method: each process has its" + " own object");
            return false;
        }
        if (method.is(ClassFile.ACC_ABSTRACT)) {
            rules.error(method.place(), "stands on an abstract method; annotate the method that implements it");
            return false;
        }
        if (!rules.checkObjects(method.place(), type) || !checkParameters(method)) {
            return false;
        }
        List<MethodFacts> overloads = Hierarchy.of(type, rules.sources()).publicMethods(method.name());
        overloads.removeIf(overload -> !overload.takesRunParameters());
        if (overloads.size() > 1) {
            rules.error(
                    method.place(),
                    "is ambiguous: there are " + overloads.size() + " public methods of this name that could be run;"
                            + " rename one");
            return false;
        }
        return true;
    }

    private boolean checkParameters(MethodFacts method) {
        if (method.takesRunParameters()) {
            return true;
        }
        String written = Descriptors.parameters(method.descriptor());
        rules.error(method.place(), "cannot pass the parameters (" + written + "); it may take " + PARAMETERS);
        return false;
    }

    private Declared declaration(
            String place, AnnotationFacts annotation, String defaultName, ClassFacts type, String method) {
        String name = annotation.text("name", "");
        if (name.isEmpty()) {
            name = defaultName;
        }
        rules.check(place, "name", name, Limits.processName(name));
        long instances = annotation.number("instances", 1);
        rules.check(place, "instances", instances, Limits.instances(instances));
        long runTimeout = annotation.number("runTimeout", 0);
        rules.check(place, "runTimeout", runTimeout, Limits.millis(runTimeout, 0));
        Declaration declaration = new Declaration.User(
                name,
                type.name(),
                method,
                interval(place, annotation),
                annotation.flag("virtualThreads", true),
                (int) instances,
                rules.constant(place, annotation, "onError", OnError.CONTINUE),
                rules.constant(place, annotation, "restart", RestartPolicy.ALWAYS),
                runTimeout,
                annotation.flag("reloadable", true),
                rules.constant(place, annotation, "scope", Scope.NODE),
                rules.constant(place, annotation, "pipe", PipeType.NONE),
                annotation.flag("redirectStdio", false));
        return new Declared(declaration, place);
    }

    private long interval(String place, AnnotationFacts annotation) {
        String every = annotation.text("every", "");
        long interval = Math.max(0, annotation.number("interval", DEFAULT_INTERVAL));
        if (every.isEmpty()) {
            rules.check(place, "interval", interval, Limits.millis(interval, 0));
            return interval;
        }
        if (annotation.has("interval")) {
            rules.error(place, "sets both interval = " + interval + " and every = \"" + every + "\"; keep one of them");
        }
        OptionalLong millis = Durations.parse(every);
        if (millis.isEmpty() || millis.getAsLong() > Durations.MAX_MILLIS) {
            rules.error(
                    place,
                    "every = \"" + every + "\" must be " + Durations.LEGAL + ", at most "
                            + Durations.text(Durations.MAX_MILLIS));
        }
        return millis.orElse(DEFAULT_INTERVAL);
    }
}
