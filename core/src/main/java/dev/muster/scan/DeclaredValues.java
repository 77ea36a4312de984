package dev.muster.scan;

import dev.muster.OnError;
import dev.muster.PipeType;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.Scope;
import dev.muster.config.ConfigurationError;
import dev.muster.config.ConfigurationException;
import dev.muster.config.Settings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Applies the configuration to what the code declares.
public final class DeclaredValues {
    /// Limit of a task in a ready-made task worker, where the task names none.
    private static final long TASK_LIMIT_MILLIS = 300_000;

    private DeclaredValues() {}

    /// Returns the map that holds: declarations with their overrides and, if `tasks.workers` asks for them, the
    /// ready-made task workers, if `server.port` does, the web workers, and if `health.port` does, the console, in
    /// the order of roles and then of names, which is the order of slots; tasks with a queue and an `onCrash`;
    /// schedules with a queue, those of the configuration included; warnings about the values that hold.
    ///
    /// @param declared what [Scanner] found
    /// @throws ConfigurationException if an override names nobody, or two pools or processes end up with one name
    public static ProcessMap apply(ProcessMap declared, Settings settings) {
        List<ConfigurationError> errors = new ArrayList<>(Overrides.refuse(declared.processes(), settings));
        List<Declaration> processes = new ArrayList<>();
        int healthPort = settings.number("health.port");
        if (healthPort > 0) {
            processes.add(new Declaration.Console(Role.CONSOLE.word(), settings.text("health.host"), healthPort));
        }
        int port = settings.number("server.port");
        if (port > 0) {
            int workers = settings.number("server.workers");
            processes.add(new Declaration.Web(
                    Role.WEB.word(),
                    workers == 0 ? Runtime.getRuntime().availableProcessors() : workers,
                    settings.text("server.host"),
                    port));
        }
        int taskWorkers = settings.number("tasks.workers");
        if (taskWorkers > 0) {
            processes.add(new Declaration.Workers(
                    Role.TASK,
                    "task",
                    "",
                    "",
                    taskWorkers,
                    settings.number("tasks.concurrency"),
                    TASK_LIMIT_MILLIS,
                    settings.text("tasks.queue"),
                    settings.text("tasks.queues"),
                    ""));
        }
        for (Declaration declaration : declared.processes()) {
            processes.add(
                    switch (declaration) {
                        case Declaration.User user -> user(user, settings);
                        case Declaration.Workers workers -> pool(workers, settings);
                        case Declaration.Web web -> web;
                        case Declaration.Console console -> console;
                    });
        }
        processes.sort(Comparator.comparing(Declaration::role).thenComparing(Declaration::name));
        errors.addAll(Overrides.refuseRenamed(declared.processes(), settings));
        List<TaskDeclaration> tasks = tasks(declared, settings);
        List<ScheduleDeclaration> schedules = new ScheduleValues(tasks, settings, errors).of(declared.schedules());
        if (!errors.isEmpty()) {
            throw new ConfigurationException(errors);
        }
        return new ProcessMap(
                declared.mainClass(),
                processes,
                tasks,
                schedules,
                declared.listeners(),
                warnings(declared, processes, tasks, schedules));
    }

    private static Declaration user(Declaration.User user, Settings settings) {
        Overrides set = new Overrides(settings, "processes", user.name());
        return new Declaration.User(
                user.name(),
                user.className(),
                user.methodName(),
                set.millis("interval", user.intervalMillis()),
                Boolean.parseBoolean(set.text("virtualThreads", Boolean.toString(user.virtualThreads()))),
                set.number("instances", user.instances()),
                OnError.valueOf(set.text("onError", user.onError().name())),
                RestartPolicy.valueOf(set.text("restart", user.restart().name())),
                set.millis("runTimeout", user.runTimeoutMillis()),
                Boolean.parseBoolean(set.text("reloadable", Boolean.toString(user.reloadable()))),
                Scope.valueOf(set.text("scope", user.scope().name())),
                PipeType.valueOf(set.text("pipe", user.pipe().name())),
                Boolean.parseBoolean(set.text("redirectStdio", Boolean.toString(user.redirectStdio()))));
    }

    private static Declaration pool(Declaration.Workers pool, Settings settings) {
        Overrides set = new Overrides(settings, "pools", pool.name());
        String declaredQueue = pool.queue().isEmpty() ? settings.text("tasks.queue") : pool.queue();
        return new Declaration.Workers(
                pool.role(),
                set.text("name", pool.name()),
                pool.className(),
                set.text("prefix", pool.prefix()),
                set.number("instances", pool.instances()),
                set.number("concurrency", pool.concurrency()),
                set.millis("heartbeat", pool.heartbeatMillis()),
                set.text("queue", declaredQueue),
                set.text("queues", pool.queues()),
                set.text("log", pool.log()));
    }

    private static List<TaskDeclaration> tasks(ProcessMap declared, Settings settings) {
        List<TaskDeclaration> tasks = new ArrayList<>();
        for (TaskDeclaration task : declared.tasks()) {
            tasks.add(new TaskDeclaration(
                    task.name(),
                    task.className(),
                    task.methodName(),
                    task.descriptor(),
                    task.isStatic(),
                    task.queue().isEmpty() ? settings.text("tasks.queue") : task.queue(),
                    task.timeoutMillis(),
                    task.softTimeoutMillis(),
                    task.attempts(),
                    task.onCrash().isEmpty() ? settings.text("tasks.onCrash") : task.onCrash(),
                    task.retry()));
        }
        return tasks;
    }

    /// An override may have cured what the scan warned about, or caused it.
    private static List<String> warnings(
            ProcessMap declared,
            List<Declaration> effective,
            List<TaskDeclaration> tasks,
            List<ScheduleDeclaration> schedules) {
        NavigableSet<String> warnings = new TreeSet<>(declared.warnings());
        Advice.on(declared.processes()).forEach(warnings::remove);
        warnings.addAll(Advice.on(effective));
        if (effective.stream().anyMatch(Declaration.Web.class::isInstance)) {
            declared.listeners().forEach(listener -> warnings.remove(Advice.unheard(listener)));
        }
        warnings.addAll(Advice.onSoftLimits(effective, tasks));
        warnings.addAll(Advice.on(schedules, effective));
        return new ArrayList<>(warnings);
    }
}
