package dev.muster.scan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Makes the process map of an application from its class files. No class of the application is loaded.
///
/// **Threads:** any. **Failure:** everything that is wrong comes in one [DeclarationException].
public final class Scanner {
    private Scanner() {}

    /// Finds and checks all declarations. That there are none is legal here.
    ///
    /// @param mainClass binary name of the class with `main`
    /// @param codeSources jars and directories, in the order of the class path
    /// @throws DeclarationException with everything that is wrong, each with its place and the fix
    public static ProcessMap scan(String mainClass, List<Path> codeSources) {
        Findings findings = new Findings();
        try (CodeSources sources = CodeSources.open(codeSources, findings)) {
            boolean ownFactory = sources.registersService("dev.muster.InstanceFactory");
            UserProcessRules userProcesses = new UserProcessRules(sources, findings, ownFactory);
            PoolRules pools = new PoolRules(sources, findings, ownFactory);
            TaskRules tasks = new TaskRules(sources, findings, ownFactory);
            ScheduleRules schedules = new ScheduleRules(sources, findings, ownFactory);
            ListenerRules listeners = new ListenerRules(sources, findings, ownFactory);
            List<Declared> declared = new ArrayList<>();
            for (ClassFacts type : sources.candidates()) {
                declared.addAll(userProcesses.read(type));
                pools.read(type).ifPresent(declared::add);
                tasks.read(type);
                schedules.read(type);
                listeners.read(type);
            }
            checkNames(declared, findings);
            findings.refuseErrors();
            return map(
                    mainClass,
                    declared,
                    tasks.tasks(),
                    schedules.schedules(),
                    listeners.listeners(),
                    findings.warnings());
        }
    }

    private static void checkNames(List<Declared> declared, Findings findings) {
        Map<String, Declared> byName = new HashMap<>();
        for (Declared each : declared) {
            String name = each.declaration().name();
            Declared before = byName.putIfAbsent(name, each);
            if (before != null) {
                findings.error(
                        each.place(),
                        "the name '" + name + "' is also that of " + before.place()
                                + "; give one of them another name");
            }
        }
    }

    private static ProcessMap map(
            String mainClass,
            List<Declared> declared,
            List<TaskDeclaration> tasks,
            List<ScheduleDeclaration> schedules,
            List<String> listeners,
            List<String> warnings) {
        List<Declaration> processes = new ArrayList<>();
        for (Declared each : declared) {
            processes.add(each.declaration());
        }
        processes.sort(Comparator.comparing(Declaration::name));
        NavigableSet<String> sorted = new TreeSet<>(warnings);
        sorted.addAll(Advice.on(processes));
        return new ProcessMap(mainClass, processes, tasks, schedules, listeners, new ArrayList<>(sorted));
    }
}
