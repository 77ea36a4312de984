package dev.muster.broker.redis;

import dev.muster.task.BrokerException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// What a server must be to keep tasks, looked at when it is opened.
final class ServerCheck {
    private static final System.Logger LOG = System.getLogger("dev.muster.broker.redis");
    private static final int MAJOR = 6;
    private static final int MINOR = 2;
    private static final Duration SKEW = Duration.ofSeconds(5);

    private ServerCheck() {}

    /// Looks at it, and warns of what may lose tasks.
    ///
    /// @return its durability in one word: `append-only`; `snapshots` where there is none but those; `memory` where
    ///     it is known that there are not even those
    /// @throws BrokerException if it cannot be used
    static String of(Server server) {
        String what = "use the Redis server " + server.name();
        Map<String, String> info = new HashMap<>();
        for (String section : new String[] {"server", "memory", "persistence"}) {
            String lines = server.call(what, client -> client.info(section));
            lines.lines().forEach(line -> {
                int colon = line.indexOf(':');
                if (colon > 0) {
                    String _ = info.put(
                            line.substring(0, colon), line.substring(colon + 1).strip());
                }
            });
        }
        version(server, info.getOrDefault("redis_version", "0.0"));
        String policy = info.getOrDefault("maxmemory_policy", "noeviction");
        if (!policy.equals("noeviction") && !info.getOrDefault("maxmemory", "0").equals("0")) {
            LOG.log(
                    Level.WARNING,
                    "the Redis server " + server.name()
                            + " may drop tasks when its memory is full: maxmemory-policy is " + policy
                            + "; set it to noeviction");
        }
        clock(server, info.get("server_time_usec"));
        if (info.getOrDefault("aof_enabled", "0").equals("0")) {
            return savesNothing(server) ? "memory" : "snapshots";
        }
        return "append-only";
    }

    /// Whether the server says that it never writes to a disk; many do not let their users ask.
    private static boolean savesNothing(Server server) {
        try {
            return ""
                    .equals(server.call("ask how often it saves", client -> client.configGet("save"))
                            .get("save"));
        } catch (BrokerException _) {
            return false;
        }
    }

    private static void version(Server server, String version) {
        String[] parts = version.split("\\.", -1);
        int major = Integer.parseInt(parts[0]);
        int minor = parts.length > 1 ? Integer.parseInt(parts[1]) : 0;
        if (major < MAJOR || major == MAJOR && minor < MINOR) {
            throw new BrokerException("the Redis server " + server.name() + " has the version " + version + ", and "
                    + MAJOR + "." + MINOR + " is the oldest that can be used; upgrade it, or set tasks.redis.url to"
                    + " another");
        }
    }

    private static void clock(Server server, @org.jspecify.annotations.Nullable String micros) {
        if (micros == null) {
            return;
        }
        long skew = Math.abs(Long.parseLong(micros) / 1_000 - System.currentTimeMillis());
        if (skew > SKEW.toMillis()) {
            LOG.log(
                    Level.WARNING,
                    "the clock of the Redis server " + server.name() + " and that of this machine differ by " + skew
                            + " ms; delays are counted by the clock of the server");
        }
    }
}
