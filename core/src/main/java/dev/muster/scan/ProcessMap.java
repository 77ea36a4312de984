package dev.muster.scan;

import java.util.List;

/// Everything that an application declares, checked: made before anything is started, written to the run directory,
/// shown by `muster map`. [Scanner] fills it with what the code says, [DeclaredValues] applies the configuration.
///
/// @param mainClass binary name of the class with `main`
/// @param processes user processes and pools in the order of their names; with the configuration, in the order of slots
/// @param tasks task methods, in the order of their names
/// @param schedules tasks that are enqueued again and again, in the order of their names
/// @param listeners binary names of the classes whose objects are told the events of the server, sorted
/// @param warnings what is legal but probably not meant, one sentence each
public record ProcessMap(
        String mainClass,
        List<Declaration> processes,
        List<TaskDeclaration> tasks,
        List<ScheduleDeclaration> schedules,
        List<String> listeners,
        List<String> warnings) {
    public ProcessMap {
        processes = List.copyOf(processes);
        tasks = List.copyOf(tasks);
        schedules = List.copyOf(schedules);
        listeners = List.copyOf(listeners);
        warnings = List.copyOf(warnings);
    }
}
