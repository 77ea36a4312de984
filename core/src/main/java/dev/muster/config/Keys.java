package dev.muster.config;

import dev.muster.Role;
import dev.muster.schedule.Recurrence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The table of all keys: the one place that says what exists, what a value must look like, and what holds when it
/// is not set. The loader, the error messages and `docs/configuration.md` follow it.
final class Keys {
    private static final int MAX_INSTANCES = 1_000;
    private static final int MAX_CONCURRENCY = 15;
    private static final long HOUR = 3_600_000;
    private static final long MIB = 1L << 20;

    private static final List<Key> OTHERS = List.of(
            noted(
                    "app.name",
                    new ValueType.Name(),
                    "the simple name of the main class",
                    "Name in titles and directories."),
            noted(
                    "app.scan",
                    new ValueType.PathList(),
                    "none",
                    "Further jars whose declarations belong to the application."),
            key(
                    "app.snapshot",
                    new ValueType.Flag(),
                    "true",
                    "Whether processes run from a copy of the class path, so that a jar may be overwritten meanwhile."),
            noted(
                    "run.dir",
                    new ValueType.FilePath(),
                    "`$XDG_RUNTIME_DIR/muster/APP`, else `muster-USER/APP` in the temporary directory",
                    "Control socket, lock, process map and evidence of the running instance. `MUSTER_RUN_DIR` sets it"
                            + " too."),
            key(
                    "run.native",
                    words("auto", "off"),
                    "auto",
                    "Whether the C library is called: where it can be, or never; see operate/degraded.md."),
            noted(
                    "data.dir",
                    new ValueType.FilePath(),
                    "`$XDG_DATA_HOME/muster/APP`, else `~/.local/share/muster/APP`, as root `/var/lib/muster/APP`",
                    "What must survive a reboot. `MUSTER_DATA_DIR` sets it too."),
            noted("log.dir", new ValueType.FilePath(), "`log` in `data.dir`", "Log files."),
            key("aot.enabled", new ValueType.Flag(), "true", "Whether caches for quick starts are made and used."),
            noted("aot.dir", new ValueType.FilePath(), "`aot` in `data.dir`", "The caches, at most 512 MiB of them."),
            key(
                    "aot.delay",
                    new ValueType.DurationRange(100, HOUR),
                    "20s",
                    "How long no process must have loaded another class before a cache is made."),
            key(
                    "log.maxSize",
                    new ValueType.SizeRange(1L << 10, 1L << 40),
                    "10MiB",
                    "Size at which a log file is rotated."),
            key("log.keep", new ValueType.IntegerRange(0, 1_000), "5", "Rotated files that are kept of each log file."),
            key(
                    "dumps.keep",
                    new ValueType.IntegerRange(1, 10_000),
                    "100",
                    "Pieces of evidence that are kept in `dumps` in `run.dir`: of hangs, crashes and other deaths."),
            key(
                    "dumps.maxSize",
                    new ValueType.SizeRange(1L << 20, 1L << 40),
                    "256MiB",
                    "What they may take together, crash reports and heap dumps included; the newest always stays."),
            key(
                    "tasks.workers",
                    new ValueType.IntegerRange(0, MAX_INSTANCES),
                    "0",
                    "Ready-made workers for `@Task` methods."),
            key(
                    "tasks.concurrency",
                    new ValueType.IntegerRange(1, MAX_CONCURRENCY),
                    "1",
                    "Tasks that each of them runs at once, on virtual threads."),
            key(
                    "tasks.queue",
                    new ValueType.Text(128),
                    "default",
                    "The queue that they take from, and the default of pools and tasks."),
            noted(
                    "tasks.queues",
                    new ValueType.Queues(),
                    "`tasks.queue` alone",
                    "Several queues that they take from: `urgent, mail` in strict order, or `urgent=5, mail=1` by"
                            + " weights."),
            key(
                    "tasks.onCrash",
                    words("RETRY", "DEAD"),
                    "RETRY",
                    "What becomes of a task whose worker died, where `@Task` does not say it."),
            key(
                    "tasks.idleAlarm",
                    new ValueType.DurationRange(0, HOUR),
                    "30s",
                    "How long a worker may take nothing, or hear nothing from the store, while tasks are ready for it;"
                            + " then it connects anew, and if that does not help it is replaced; 0 for ever."),
            key(
                    "tasks.retry.base",
                    new ValueType.DurationRange(0, Durations.MAX_MILLIS),
                    "200ms",
                    "Longest wait before the second attempt of a task, doubled for each one after it; 0 for no wait."
                            + " `@Retry` beats it."),
            key(
                    "tasks.retry.cap",
                    new ValueType.DurationRange(0, Durations.MAX_MILLIS),
                    "30s",
                    "Longest wait before any attempt; not under `tasks.retry.base`. `@Retry` beats it."),
            key("tasks.broker", words("sqlite", "redis", "postgres"), "sqlite", "The store of the tasks."),
            noted(
                    "tasks.sqlite.file",
                    new ValueType.FilePath(),
                    "`queue.db` in `data.dir`",
                    "The database of the SQLite store."),
            key(
                    "tasks.sqlite.durability",
                    words("power", "process"),
                    "power",
                    "What an accepted task survives: a power failure, or the end of processes only."),
            key(
                    "tasks.redis.url",
                    new ValueType.Address(List.of("redis", "rediss")),
                    "redis://127.0.0.1:6379",
                    "The Redis or Valkey server; `rediss://` for TLS. With a password it belongs into a file of its"
                            + " own, of which only the path is written down: `file:/run/secrets/redis`; into the"
                            + " configuration file, or the environment; never behind `--set`, which all users can"
                            + " read."),
            key(
                    "tasks.postgres.url",
                    new ValueType.Address(List.of("postgres", "postgresql")),
                    "postgres://127.0.0.1:5432/muster",
                    "The PostgreSQL database; options of the driver follow a `?`, as in `?sslmode=require`. A password"
                            + " is given as that of `tasks.redis.url`."),
            noted(
                    "tasks.classes",
                    new ValueType.ClassNames(),
                    "none",
                    "What the class names in messages mean here, for producers that have other ones."),
            key(
                    "tasks.keepResults",
                    new ValueType.DurationRange(0, 30 * 24 * HOUR),
                    "1h",
                    "How long the result of a task whose method returns something can be asked for; 0 for not at all."),
            key(
                    "tasks.secrets",
                    new ValueType.WordList(),
                    "password,passwd,secret,token,apiKey,authorization,credential,privateKey",
                    "Parts of names whose values `muster tasks` and `muster why` hide in messages; may be empty."),
            key("tasks.maxSize", new ValueType.SizeRange(1L << 10, 64 * MIB), "1MiB", "The largest task message."),
            pool("instances", new ValueType.IntegerRange(1, MAX_INSTANCES), "Worker processes that are kept."),
            pool(
                    "concurrency",
                    new ValueType.IntegerRange(1, MAX_CONCURRENCY),
                    "Tasks that the built-in loop of each worker runs at once, on virtual threads."),
            pool(
                    "heartbeat",
                    new ValueType.DurationRange(100, Durations.MAX_MILLIS),
                    "Silence after which a worker is killed."),
            pool("queue", new ValueType.Text(128), "The queue that the pool takes from."),
            pool(
                    "queues",
                    new ValueType.Queues(),
                    "Several queues in the place of `queue`, in strict order or by weights, as `tasks.queues`."),
            pool("log", new ValueType.LogFile(), "The file under `log.dir` that receives the pool's lines."),
            pool("prefix", new ValueType.Prefix(), "What stands before the name in titles."),
            spelling("pools.NAME.pre", new ValueType.Prefix(), "pools.NAME.prefix"),
            spelling("pools.NAME.logName", new ValueType.LogFile(), "pools.NAME.log"),
            spelling("pools.NAME.processNum", new ValueType.IntegerRange(1, MAX_INSTANCES), "pools.NAME.instances"),
            spelling("pools.NAME.heartTime", new ValueType.Seconds(1, 86_400), "pools.NAME.heartbeat"),
            pool("name", new ValueType.Name(), "Another name for the pool, in titles and commands."),
            process("interval", new ValueType.DurationRange(0, Durations.MAX_MILLIS), "Pause after a run; 0 for none."),
            spelling(
                    "processes.NAME.every",
                    new ValueType.DurationRange(0, Durations.MAX_MILLIS),
                    "processes.NAME.interval"),
            process("virtualThreads", new ValueType.Flag(), "Whether runs happen on a virtual thread."),
            process("instances", new ValueType.IntegerRange(1, MAX_INSTANCES), "Processes of this kind that are kept."),
            process("onError", words("CONTINUE", "RESTART", "STOP"), "What an exception in a run leads to."),
            process("restart", words("ALWAYS", "ON_FAILURE", "NEVER"), "When the slot is filled again."),
            process("reloadable", new ValueType.Flag(), "Whether a reload of the code replaces the processes."),
            process("scope", words("NODE", "CLUSTER"), "Where it works when several nodes share a broker."),
            process("pipe", words("NONE", "STREAM", "DATAGRAM"), "The pipe of the processes, see messages.md."),
            process("redirectStdio", new ValueType.Flag(), "Whether stdout, stderr and stdin are the pipe."),
            process("runTimeout", new ValueType.DurationRange(0, Durations.MAX_MILLIS), "Limit of a run; 0 for none."),
            schedule("task", new ValueType.Text(256), "The task that is enqueued again and again; see schedules.md."),
            schedule(
                    "cron",
                    new ValueType.Text(200),
                    "When: minute, hour, day of the month, month, day of the week; or `@daily` and the like."),
            schedule(
                    "every",
                    new ValueType.DurationRange(Recurrence.MIN_EVERY, Recurrence.MAX_EVERY),
                    "Or at this interval, in whole seconds, counted from 1970-01-01T00:00:00Z."),
            schedule(
                    "zone",
                    new ValueType.Text(64),
                    "The time zone of the cron expression, such as Europe/Berlin; UTC" + " if nobody says it."),
            schedule("missed", words("SKIP", "ONCE", "ALL"), "What becomes of instants at which nobody served it."),
            schedule("param", new ValueType.Json(10_000), "The arguments of the task."),
            schedule("queue", new ValueType.Text(128), "The queue of its tasks, if not that of the task."),
            schedule("enabled", new ValueType.Flag(), "Whether it is served."),
            key(
                    "messages.maxSize",
                    new ValueType.SizeRange(1L << 10, 64 * MIB),
                    "8MiB",
                    "The largest message, immediate task or result between processes; see messages.md."),
            key(
                    "messages.inbox",
                    new ValueType.SizeRange(1L << 10, 1024 * MIB),
                    "16MiB",
                    "What a process may have of messages and immediate tasks that it has not begun; not under"
                            + " `messages.maxSize`."),
            key("messages.backlog", new ValueType.IntegerRange(1, 1_000_000), "1024", "How many of them it may have."),
            key(
                    "messages.sendTimeout",
                    new ValueType.DurationRange(1, HOUR),
                    "1s",
                    "How long a sender waits until its message or immediate task is accepted."),
            key(
                    "messages.eventTimeout",
                    new ValueType.DurationRange(0, Durations.MAX_MILLIS),
                    "5m",
                    "Limit of one event of a `@ServerEvents` listener, after which its process is killed; 0 for none."),
            key("limits.boot", new ValueType.DurationRange(100, HOUR), "60s", "Time from spawn to READY."),
            key(
                    "limits.drain",
                    new ValueType.DurationRange(0, HOUR),
                    "30s",
                    "Time for the work under way when a process is asked to end; not over `limits.stop`."),
            key(
                    "limits.stop",
                    new ValueType.DurationRange(100, HOUR),
                    "60s",
                    "Time for an orderly end of a process, the drain included."),
            key(
                    "limits.silence",
                    new ValueType.DurationRange(1_000, HOUR),
                    "10s",
                    "Time without a heartbeat after which a process is killed."),
            key(
                    "spares.ROLE",
                    new ValueType.IntegerRange(0, 100),
                    "0",
                    "Processes of each declaration of a role that wait, booted, to take over from one that dies."),
            recycle(
                    "units",
                    new ValueType.IntegerRange(0, Integer.MAX_VALUE),
                    "0",
                    "Runs or tasks after which a process is replaced by a fresh one, a fifth more or less; 0 for"
                            + " never."),
            recycle(
                    "age",
                    new ValueType.DurationRange(0, Durations.MAX_MILLIS),
                    "0ms",
                    "Time in work after which a process is replaced, a fifth more or less; 0 for never."),
            recycle(
                    "memory",
                    new ValueType.SizeRange(0, 1L << 40),
                    "0",
                    "Private memory at which a process is replaced; must lie a tenth over that of a fresh one; 0 for"
                            + " never."),
            recycle(
                    "gc",
                    new ValueType.IntegerRange(0, 100),
                    "90",
                    "Percent of one processor that its garbage collector uses, three times in a row, at which a process"
                            + " is replaced; 0 for never."),
            key(
                    "limits.shutdownDelay",
                    new ValueType.DurationRange(0, HOUR),
                    "0s",
                    "Time between the order to stop and the first orders to processes: `/readyz` already says 503 and"
                            + " the work goes on."),
            key(
                    "health.port",
                    new ValueType.IntegerRange(0, 65_535),
                    "0",
                    "The port of a small process that answers `/livez`, `/readyz`, `/startupz` and `/healthz`; 0 for"
                            + " none."),
            key(
                    "health.host",
                    new ValueType.Text(253),
                    "127.0.0.1",
                    "The address that it listens on; 0.0.0.0 for the probes of Kubernetes."),
            noted(
                    "jvm.ROLE",
                    new ValueType.Options(),
                    "none",
                    "Options for the virtual machines of a role: " + roleList(roles()) + "."),
            resource(
                    "heap",
                    new ValueType.SizeRange(16 * MIB, 1L << 40),
                    "256MiB",
                    "Largest heap of each process of a role (" + roleList(childRoles())
                            + "); a `-Xmx` in `jvm.ROLE` beats it."),
            resource(
                    "openFiles",
                    new ValueType.IntegerRange(64, 1 << 30),
                    "as inherited",
                    "Files and sockets that each process may have open."),
            resource("cpus", new ValueType.Processors(), "all", "Processors on which the processes may run."),
            resource(
                    "nice",
                    new ValueType.IntegerRange(-20, 19),
                    "as inherited",
                    "Rank when processors are short: -20 first, 19 last."),
            resource(
                    "pids",
                    new ValueType.IntegerRange(32, 1 << 22),
                    "no limit",
                    "Threads and processes in each process and all that it starts; needs a control group."),
            resource(
                    "memory",
                    new ValueType.SizeRange(32 * MIB, 1L << 40),
                    "no limit",
                    "Memory of each process and all that it starts; needs a control group."));

    /// All rows: what an application and its server are, then the rest.
    private static final List<Key> TABLE =
            Stream.concat(ServerKeys.TABLE.stream(), OTHERS.stream()).toList();

    private Keys() {}

    /// All rows, in the order of the documentation.
    static List<Key> all() {
        return TABLE;
    }

    /// The row of a written key, empty if there is none.
    static Optional<Key> find(String written) {
        Key found = null;
        for (Key key : TABLE) {
            if (key.pattern().equals(written) && !key.wildcard()) {
                return Optional.of(key);
            }
            if (key.nameIn(written).isPresent()) {
                found = key;
            }
        }
        return Optional.ofNullable(found);
    }

    /// The row of a pattern.
    ///
    /// @throws IllegalArgumentException if there is none
    static Key of(String pattern) {
        for (Key key : TABLE) {
            if (key.pattern().equals(pattern)) {
                return key;
            }
        }
        throw new IllegalArgumentException("the table of configuration keys has no '" + pattern + "'");
    }

    /// What is legal in the place of NAME or ROLE, empty if this name is.
    static Optional<String> refuseName(Key key, String name) {
        if (key.forRole()) {
            List<String> legal = rolesOf(key);
            return legal.contains(name) ? Optional.empty() : Optional.of("one of " + roleList(legal));
        }
        return Names.legal(name) ? Optional.empty() : Optional.of(Names.LEGAL);
    }

    /// Whether a written key lies in a section of the table, known or not.
    static boolean ownsSection(String section) {
        for (Key key : TABLE) {
            if (key.prefix().equals(section + ".")) {
                return true;
            }
        }
        return false;
    }

    /// The names of the sections.
    static List<String> sections() {
        List<String> sections = new ArrayList<>();
        for (Key key : TABLE) {
            String section = key.prefix().substring(0, key.prefix().length() - 1);
            if (!sections.contains(section)) {
                sections.add(section);
            }
        }
        return sections;
    }

    /// The words for ROLE in a key: where another one would have no effect, it is none.
    static List<String> rolesOf(Key key) {
        return switch (key.prefix()) {
            case "jvm." -> roles();
            case "resources." -> childRoles();
            // Spares and recycling: there is one master and one console, each for as long as the application runs.
            default ->
                childRoles().stream()
                        .filter(role -> !role.equals(Role.CONSOLE.word()))
                        .toList();
        };
    }

    /// The words for ROLE: the master and the roles of its children.
    private static List<String> roles() {
        List<String> roles = new ArrayList<>();
        roles.add("master");
        roles.addAll(childRoles());
        return roles;
    }

    static List<String> childRoles() {
        List<String> roles = new ArrayList<>();
        for (Role role : Role.values()) {
            roles.add(role.word());
        }
        return roles;
    }

    private static String roleList(List<String> roles) {
        return String.join(", ", roles);
    }

    static ValueType words(String... words) {
        return new ValueType.Words(List.of(words));
    }

    static Key key(String pattern, ValueType type, String defaultText, String doc) {
        return new Key(pattern, type, defaultText, "", pattern, doc);
    }

    static Key noted(String pattern, ValueType type, String defaultNote, String doc) {
        return new Key(pattern, type, "", defaultNote, pattern, doc);
    }

    private static Key pool(String value, ValueType type, String doc) {
        return noted("pools.NAME." + value, type, "as declared", doc);
    }

    private static Key process(String value, ValueType type, String doc) {
        return noted("processes.NAME." + value, type, "as declared", doc);
    }

    private static Key schedule(String value, ValueType type, String doc) {
        return noted("schedules.NAME." + value, type, "as declared", doc);
    }

    private static Key recycle(String value, ValueType type, String defaultText, String doc) {
        return key("recycle.ROLE." + value, type, defaultText, doc);
    }

    private static Key resource(String value, ValueType type, String defaultNote, String doc) {
        return noted("resources.ROLE." + value, type, defaultNote, doc);
    }

    private static Key spelling(String pattern, ValueType type, String meaning) {
        return new Key(pattern, type, "", "as declared", meaning, "The same as `" + meaning + "`, in other words.");
    }
}
