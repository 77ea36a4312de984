package dev.muster.scan;

import dev.muster.OnError;
import dev.muster.PipeType;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.Scope;
import dev.muster.config.QueueShares;
import java.util.LinkedHashMap;
import java.util.Map;

/// What an application declares as processes, with the values that hold after the configuration was applied.
///
/// A declaration travels to its child as a map of strings: [#toMap()] and [#of(Map)] are inverse.
public sealed interface Declaration {
    /// The name, without an instance number.
    String name();

    /// How many processes of it are kept.
    int instances();

    /// The role of its processes.
    Role role();

    /// As a map of strings.
    Map<String, String> toMap();

    /// A user process.
    ///
    /// @param className binary name of the declaring class
    /// @param methodName the method to run
    /// @param intervalMillis pause after a run
    /// @param runTimeoutMillis limit of a run, 0 for none
    /// @param reloadable whether a reload of the code replaces its processes
    /// @param scope where it works when several nodes share a broker
    /// @param pipe how others can talk with it
    /// @param redirectStdio whether its standard streams are the pipe, which is a STREAM then
    record User(
            String name,
            String className,
            String methodName,
            long intervalMillis,
            boolean virtualThreads,
            int instances,
            OnError onError,
            RestartPolicy restart,
            long runTimeoutMillis,
            boolean reloadable,
            Scope scope,
            PipeType pipe,
            boolean redirectStdio)
            implements Declaration {
        public User {
            pipe = redirectStdio ? PipeType.STREAM : pipe;
        }

        @Override
        public Role role() {
            return Role.USER;
        }

        @Override
        public Map<String, String> toMap() {
            Map<String, String> map = new LinkedHashMap<>();
            map.put("kind", "user");
            map.put("name", name);
            map.put("class", className);
            map.put("method", methodName);
            map.put("interval", Long.toString(intervalMillis));
            map.put("virtualThreads", Boolean.toString(virtualThreads));
            map.put("instances", Integer.toString(instances));
            map.put("onError", onError.name());
            map.put("restart", restart.name());
            map.put("runTimeout", Long.toString(runTimeoutMillis));
            map.put("reloadable", Boolean.toString(reloadable));
            map.put("scope", scope.name());
            map.put("pipe", pipe.name());
            map.put("redirectStdio", Boolean.toString(redirectStdio));
            return map;
        }
    }

    /// A worker pool, or the ready-made task workers of `tasks.workers` (role TASK, no class).
    ///
    /// @param className binary name of the pool's class, empty for task workers
    /// @param prefix what stands before the name in titles
    /// @param concurrency tasks that the built-in loop of one worker runs at once
    /// @param heartbeatMillis limit of silence; for task workers the default limit of a task
    /// @param queue the queue it takes from, or from which a task that declares none comes
    /// @param queues several queues in its place, as [QueueShares] writes them; empty for none
    /// @param log file under the log directory, empty for the log of the application
    record Workers(
            Role role,
            String name,
            String className,
            String prefix,
            int instances,
            int concurrency,
            long heartbeatMillis,
            String queue,
            String queues,
            String log)
            implements Declaration {
        /// Workers of one queue.
        public Workers(
                Role role,
                String name,
                String className,
                String prefix,
                int instances,
                int concurrency,
                long heartbeatMillis,
                String queue,
                String log) {
            this(role, name, className, prefix, instances, concurrency, heartbeatMillis, queue, "", log);
        }

        /// The queues that they take from.
        public QueueShares shares() {
            return queues.isEmpty() ? QueueShares.only(queue) : QueueShares.parse(queues);
        }

        @Override
        public Map<String, String> toMap() {
            Map<String, String> map = new LinkedHashMap<>();
            map.put("kind", role.word());
            map.put("name", name);
            map.put("class", className);
            map.put("prefix", prefix);
            map.put("instances", Integer.toString(instances));
            map.put("concurrency", Integer.toString(concurrency));
            map.put("heartbeat", Long.toString(heartbeatMillis));
            map.put("queue", queue);
            map.put("queues", queues);
            map.put("log", log);
            return map;
        }
    }

    /// The web workers of `server.port`, which share one listening socket.
    ///
    /// @param host the address that they listen on
    /// @param port the port that they listen on
    record Web(String name, int instances, String host, int port) implements Declaration {
        @Override
        public Role role() {
            return Role.WEB;
        }

        @Override
        public Map<String, String> toMap() {
            Map<String, String> map = new LinkedHashMap<>();
            map.put("kind", role().word());
            map.put("name", name);
            map.put("instances", Integer.toString(instances));
            map.put("host", host);
            map.put("port", Integer.toString(port));
            return map;
        }
    }

    /// The process that answers health probes, if `health.port` asks for it. It runs nothing of the application.
    ///
    /// @param host the address that it listens on
    /// @param port the port that it listens on
    record Console(String name, String host, int port) implements Declaration {
        @Override
        public int instances() {
            return 1;
        }

        @Override
        public Role role() {
            return Role.CONSOLE;
        }

        @Override
        public Map<String, String> toMap() {
            Map<String, String> map = new LinkedHashMap<>();
            map.put("kind", role().word());
            map.put("name", name);
            map.put("host", host);
            map.put("port", Integer.toString(port));
            return map;
        }
    }

    /// Reads what [#toMap()] wrote.
    static Declaration of(Map<String, String> map) {
        String kind = text(map, "kind");
        if (kind.equals("user")) {
            return new User(
                    text(map, "name"),
                    text(map, "class"),
                    text(map, "method"),
                    Long.parseLong(text(map, "interval")),
                    Boolean.parseBoolean(text(map, "virtualThreads")),
                    Integer.parseInt(text(map, "instances")),
                    OnError.valueOf(text(map, "onError")),
                    RestartPolicy.valueOf(text(map, "restart")),
                    Long.parseLong(text(map, "runTimeout")),
                    Boolean.parseBoolean(text(map, "reloadable")),
                    Scope.valueOf(text(map, "scope")),
                    PipeType.valueOf(text(map, "pipe")),
                    Boolean.parseBoolean(text(map, "redirectStdio")));
        }
        if (kind.equals(Role.CONSOLE.word())) {
            return new Console(text(map, "name"), text(map, "host"), Integer.parseInt(text(map, "port")));
        }
        if (kind.equals(Role.WEB.word())) {
            return new Web(
                    text(map, "name"),
                    Integer.parseInt(text(map, "instances")),
                    text(map, "host"),
                    Integer.parseInt(text(map, "port")));
        }
        return new Workers(
                kind.equals("pool") ? Role.POOL : Role.TASK,
                text(map, "name"),
                text(map, "class"),
                text(map, "prefix"),
                Integer.parseInt(text(map, "instances")),
                Integer.parseInt(text(map, "concurrency")),
                Long.parseLong(text(map, "heartbeat")),
                text(map, "queue"),
                text(map, "queues"),
                text(map, "log"));
    }

    private static String text(Map<String, String> map, String key) {
        String value = map.get(key);
        if (value == null) {
            throw new IllegalArgumentException("declaration lacks '" + key + "': " + map);
        }
        return value;
    }
}
