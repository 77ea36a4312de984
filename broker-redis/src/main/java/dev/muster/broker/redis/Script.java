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

/// A change that Redis makes in one step. Its text lies beside this class and stands behind `clock.lua`, that of a
/// script for one queue behind `common.lua` too.
enum Script {
    ENQUEUE(true),
    CLAIM(true),
    APPLY(true),
    HELD(true),
    SHOW(true),
    RETRY(true),
    DELETE(true),
    COUNTS(true),
    RENEW(false),
    LIVING(false);

    private final String text;
    private final String hash;

    Script(boolean ofQueue) {
        text = read("clock") + (ofQueue ? read("common") : "") + read(name().toLowerCase(Locale.ROOT));
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
