package dev.muster.broker.redis;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/// A change that Redis makes in one step. Its text lies beside this class, behind those of the parts that it uses.
enum Script {
    ENQUEUE("clock", "common", "accept"),
    CLAIM("clock", "common"),
    APPLY("clock", "common"),
    NOTE("clock", "common"),
    HELD("clock", "common"),
    SHOW("clock", "common"),
    RETRY("clock", "common"),
    DELETE("clock", "common"),
    CANCEL("clock", "common"),
    PROGRESS("clock", "common"),
    COUNTS("clock", "common"),
    PAUSE("clock", "common"),
    FIRE("clock", "common", "accept"),
    BOOK(),
    RENEW("clock"),
    LIVING("clock"),
    LEASE("clock"),
    RELEASE(),
    LEASED("clock");

    private final String text;
    private final String hash;

    Script(String... parts) {
        StringBuilder whole = new StringBuilder();
        for (String part : parts) {
            whole.append(read(part));
        }
        String change = read(name().toLowerCase(Locale.ROOT));
        boolean finishes = List.of(parts).contains("common");
        // A change may return anywhere; what it has kept back is written all the same.
        whole.append(
                finishes
                        ? "local function change()\n" + change
                                + "end\nlocal answer = change()\nfinish()\nreturn answer\n"
                        : change);
        text = whole.toString();
        hash = sha1(text);
    }

    /// Runs it. A server that does not know it, because it was restarted, learns it.
    Object run(RedisClient client, List<String> keys, List<String> arguments) {
        try {
            return client.evalsha(hash, keys, arguments);
        } catch (JedisNoScriptException _) {
            return client.eval(text, keys, arguments);
        }
    }

    private static String read(String name) {
        try (InputStream file = Script.class.getResourceAsStream(name + ".lua")) {
            if (file == null) {
                throw new IllegalStateException("the script " + name + ".lua is missing beside its class");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the script " + name + ".lua cannot be read", e);
        }
    }

    /// The key of a message in the index, as `redis.sha1hex` makes it.
    static String sha1(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
