package dev.muster.examples.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.RedisClient;

@Timeout(60)
class ConfigurationTest {
    @TempDir
    private Path directory;

    @Test
    void theEnvironmentBeatsTheFileAndThatTheDefault() throws IOException {
        write("redis.default.url=redis://from-file\nredis.cache.url=redis://cache\nqueue.lease = 20\n");
        assertThat(read(Map.of()).url("redis", "default", "redis://built-in")).isEqualTo("redis://from-file");
        Configuration both = read(Map.of("REDIS_DEFAULT_URL", "redis://from-environment", "REDIS_CACHE_URL", ""));
        assertThat(both.url("redis", "default", "redis://built-in")).isEqualTo("redis://from-environment");
        assertThat(both.url("redis", "cache", "redis://built-in"))
                .as("an empty variable is none")
                .isEqualTo("redis://cache");
        assertThat(both.url("databases", "default", "jdbc:built-in")).isEqualTo("jdbc:built-in");
        assertThat(both.number("queue.lease", 2, 60, 15)).isEqualTo(20);
        assertThat(both.number("users.sample", 0, 10, 7)).isEqualTo(7);
    }

    @Test
    void theFileMayHaveAnotherName() throws IOException {
        Path _ = Files.writeString(directory.resolve("other"), "redis.default.url=redis://other");
        assertThat(read(Map.of("CONNECTIONS", "other")).url("redis", "default", ""))
                .isEqualTo("redis://other");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(Map.of("CONNECTIONS", "missing")))
                .withMessageContaining(directory.resolve("missing").toString())
                .withMessageContaining("cannot be read");
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnesAndTheKeyToSet() throws IOException {
        write("redis.sessions.url=redis://sessions\n");
        Configuration configuration = read(Map.of("REDIS_CACHE_URL", "redis://cache"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisPools.open("cach", configuration))
                .withMessage("there is no connection 'cach' in redis, known are cache, default, sessions;"
                        + " set redis.cach.url in " + directory.resolve("connections.properties")
                        + ", or REDIS_CACH_URL in the environment");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Databases.open("Cache", configuration))
                .withMessageContaining("'Cache'")
                .withMessageContaining("lower-case letters and digits");
    }

    @Test
    void aKeyThatNobodyKnowsIsRefused() throws IOException {
        write("redis.default.ulr=redis://host\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(Map.of()))
                .withMessageContaining("redis.default.ulr")
                .withMessageContaining("redis.NAME.url");
    }

    @Test
    void addressesOfOtherKindsAreRefusedWithoutShowingTheirPasswords() throws IOException {
        write("redis.default.url=http://user:secret@host\ndatabases.default.url=jdbc:h2:mem:x;PASSWORD=secret\n");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisPools.open("default", read(Map.of())))
                .withMessageContaining("redis.default.url")
                .withMessageNotContaining("secret");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Databases.open("default", read(Map.of())))
                .withMessageContaining("databases.default.url")
                .withMessageNotContaining("secret");
    }

    @Test
    void numbersHaveBounds() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisPools.open("default", read(Map.of("REDIS_DEFAULT_CONNECTIONS", "1"))))
                .withMessage("redis.default.connections = 1 must be a whole number from 2 to 100");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> read(Map.of("QUEUE_LEASE", "soon")).number("queue.lease", 2, 60, 15))
                .withMessage("queue.lease = soon must be a whole number from 2 to 60");
    }

    @Test
    void aPoolIsMadeWithoutAServer() {
        try (RedisClient client = RedisPools.open(
                "far", read(Map.of("REDIS_FAR_URL", "redis://127.0.0.1:1", "REDIS_FAR_CONNECTIONS", "3")))) {
            assertThat(client.getPool().getMaxTotal()).isEqualTo(3);
        }
    }

    private void write(String text) throws IOException {
        Path _ = Files.writeString(directory.resolve("connections.properties"), text);
    }

    private Configuration read(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("MUSTER_DATA_DIR", directory.toString());
        return Configuration.read(all, directory);
    }
}
