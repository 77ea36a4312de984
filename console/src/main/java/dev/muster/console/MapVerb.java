package dev.muster.console;

import dev.muster.config.Settings;
import dev.muster.control.ExitCode;
import dev.muster.scan.Declaration;
import dev.muster.scan.ProcessMap;
import dev.muster.scan.ProcessMapJson;
import dev.muster.scan.ScheduleDeclaration;
import dev.muster.scan.TaskDeclaration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `muster map`: what an application declares.
@Command(name = "map", description = "Show what an application declares: its processes, pools, tasks and schedules.")
final class MapVerb extends Verb {
    @Mixin
    private AppOptions app = new AppOptions();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public Integer call() {
        Application application = app.application();
        Settings settings = config.load(application, new InstanceOptions(), System.getenv());
        ProcessMap map = Declarations.of(application, settings);
        if (json) {
            out().println(ProcessMapJson.write(map).strip());
        } else {
            print(map);
        }
        map.warnings().forEach(this::say);
        return ExitCode.DONE.number();
    }

    private void print(ProcessMap map) {
        Table processes = new Table("PROCESS", "ROLE", ">INSTANCES", "INTERVAL", "LIMIT", "RESTART", "CODE");
        for (Declaration declaration : map.processes()) {
            switch (declaration) {
                case Declaration.User user ->
                    processes.row(
                            user.name(),
                            user.role().word(),
                            user.instances(),
                            Texts.duration(user.intervalMillis()),
                            user.runTimeoutMillis() == 0 ? "-" : Texts.duration(user.runTimeoutMillis()),
                            user.restart(),
                            user.className() + "." + user.methodName());
                case Declaration.Workers workers ->
                    processes.row(
                            workers.name(),
                            workers.role().word(),
                            workers.instances(),
                            "-",
                            Texts.duration(workers.heartbeatMillis()),
                            "ALWAYS",
                            Texts.orDash(workers.className()) + " on " + Texts.orDash(workers.queue()));
                case Declaration.Web web ->
                    processes.row(
                            web.name(),
                            web.role().word(),
                            web.instances(),
                            "-",
                            "-",
                            "ALWAYS",
                            "HTTP on " + web.host() + " port " + web.port());
                case Declaration.Console console ->
                    processes.row(
                            console.name(),
                            console.role().word(),
                            console.instances(),
                            "-",
                            "-",
                            "ALWAYS",
                            "health probes on " + console.host() + " port " + console.port());
            }
        }
        processes.print(out());
        if (!map.tasks().isEmpty()) {
            Table tasks = new Table("TASK", "QUEUE", ">ATTEMPTS", "LIMIT", "ON CRASH", "CODE");
            for (TaskDeclaration task : map.tasks()) {
                tasks.row(
                        task.name(),
                        Texts.orDash(task.queue()),
                        task.attempts() == 0 ? "-" : task.attempts(),
                        task.timeoutMillis() == 0 ? "-" : Texts.duration(task.timeoutMillis()),
                        Texts.orDash(task.onCrash()),
                        task.className() + "." + task.methodName());
            }
            out().println();
            tasks.print(out());
        }
        if (!map.listeners().isEmpty()) {
            Table listeners = new Table("LISTENER");
            map.listeners().forEach(listeners::row);
            out().println();
            listeners.print(out());
        }
        if (!map.schedules().isEmpty()) {
            Table schedules = new Table("SCHEDULE", "TASK", "WHEN", "ZONE", "MISSED");
            for (ScheduleDeclaration schedule : map.schedules()) {
                schedules.row(
                        schedule.name(),
                        schedule.task(),
                        SchedulesVerb.when(schedule),
                        SchedulesVerb.zone(schedule),
                        schedule.missed());
            }
            out().println();
            schedules.print(out());
        }
    }
}
