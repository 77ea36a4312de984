package dev.muster.broker.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.task.Broker;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.NewTask;
import dev.muster.task.Broker.Outcome;
import dev.muster.task.Broker.QueueCounts;
import dev.muster.task.BrokerException;
import dev.muster.task.DeadReason;
import dev.muster.testkit.TestPostgres;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The tables are made, by any number of processes at once; and what stands in the way is told.
@Timeout(60)
class OpeningTest {
    private TestPostgres database;
    private Connection admin;

    @BeforeEach
    void create() throws SQLException {
        database = TestPostgres.create();
        admin = DriverManager.getConnection(database.url());
    }

    @AfterEach
    void remove() throws SQLException {
        admin.close();
        database.close();
    }

    private Broker open(String options) {
        return PostgresBroker.open(Databases.url(database, options), "test", 1 << 20);
    }

    private void execute(String... statements) throws SQLException {
        try (Statement statement = admin.createStatement()) {
            for (String sql : statements) {
                boolean _ = statement.execute(sql);
            }
        }
    }

    private long number(String sql) throws SQLException {
        try (Statement statement = admin.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        }
    }

    private static void assertRefused(ThrowingCallable opening, String... words) {
        assertThatThrownBy(opening).isInstanceOf(BrokerException.class).hasMessageContainingAll(words);
    }

    @Test
    void anyNumberMayOpenItAtOnce() throws Exception {
        int many = 12;
        List<Broker> brokers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(many)) {
            List<Callable<Broker>> openings = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                openings.add(() -> open(""));
            }
            for (Future<Broker> opening : threads.invokeAll(openings)) {
                brokers.add(opening.get());
            }
        }
        brokers.forEach(broker -> broker.enqueue(List.of(NewTask.of("q", "{}"))));
        assertThat(brokers.getFirst().counts().get("q").ready()).isEqualTo(many);
        assertThat(number("SELECT count(*) FROM muster.muster_schema")).isEqualTo(2);
        brokers.forEach(Broker::close);
    }

    @Test
    void nothingOfItStandsInTheWayOfTheTablesOfAnApplication() throws SQLException {
        execute(
                "CREATE TABLE task(id integer)",
                "CREATE TABLE queue(id integer)",
                "CREATE SCHEMA shop",
                "CREATE TABLE shop.muster_schema(id integer)");
        try (Broker broker = open("")) {
            List<String> ids = broker.enqueue(List.of(NewTask.of("q", "{}")));
            assertThat(broker.claim("q", "w", 1)).extracting(Claim::id).isEqualTo(ids);
        }
        assertThat(number("SELECT count(*) FROM public.task")).isZero();
    }

    @Test
    void applicationsMayHaveSchemasOfTheirOwn() {
        try (Broker one = open("");
                Broker other = open("currentSchema=other")) {
            List<String> _ = one.enqueue(List.of(NewTask.of("q", "{}")));
            assertThat(other.claim("q", "w", 1)).isEmpty();
            assertThat(other.counts()).isEmpty();
            List<String> _ = other.enqueue(List.of(NewTask.of("q", "{}")));
            assertThat(other.claim("q", "w", 5)).hasSize(1);
        }
    }

    @Test
    void theTablesOfANewerMusterAreRefused() throws SQLException {
        open("").close();
        execute("INSERT INTO muster.muster_schema VALUES(99, 0)");
        assertRefused(() -> open(""), "version 99", "those up to 2", "start the newer Muster");
    }

    /// The tables of version 1, with a task that has a unique key.
    private void makeFirstVersion() throws SQLException {
        execute("CREATE SCHEMA muster", "SET search_path TO muster");
        execute(Tables.FIRST.toArray(String[]::new));
        execute(
                "INSERT INTO muster_schema VALUES(1, 0)",
                "INSERT INTO task(id, queue, accepted_at, changed_at, payload, unique_key) VALUES('old', 'q', 0, 0,"
                        + " '{}', 'key')");
    }

    @Test
    void theTablesOfTheFirstVersionBecomeThoseOfToday() throws SQLException {
        makeFirstVersion();
        NewTask same = new NewTask("", "q", "{}", Duration.ZERO, "", 0, "key");
        try (Broker broker = open("")) {
            assertThat(broker.enqueue(List.of(same))).containsExactly("old");
            List<Outcome> _ = broker.settle(
                    List.of(new Outcome.Dead(broker.claim("q", "w", 1).getFirst(), DeadReason.FAILED, "no")));
            assertThat(broker.enqueue(List.of(same))).doesNotContain("old");
        }
    }

    @Test
    void theOwnerOfOldTablesIsNamed() throws SQLException {
        String user = "heir_" + ProcessHandle.current().pid();
        execute("DROP ROLE IF EXISTS " + user, "CREATE ROLE " + user + " LOGIN");
        try {
            makeFirstVersion();
            execute(
                    "GRANT USAGE ON SCHEMA muster TO " + user,
                    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA muster TO " + user,
                    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA muster TO " + user);
            String url = Databases.url(database, "").replaceFirst("postgres://[^@]*@", "postgres://" + user + "@");
            assertRefused(
                    () -> PostgresBroker.open(url, "test", 1 << 20),
                    "its tables have the version 1",
                    "only their owner " + admin.getMetaData().getUserName(),
                    "those of version 2");
            open("").close();
            PostgresBroker.open(url, "test", 1 << 20).close();
        } finally {
            execute("DROP OWNED BY " + user, "DROP ROLE " + user);
        }
    }

    @Test
    void aSchemaOfSomebodyElseIsRefused() throws SQLException {
        execute("CREATE SCHEMA muster", "CREATE TABLE muster.task(id integer)");
        assertRefused(() -> open(""), "schema muster", "tables that are not Muster's", "?currentSchema=NAME");
        assertThat(number("SELECT count(*) FROM pg_tables WHERE schemaname = 'muster'"))
                .isEqualTo(1);
    }

    @Test
    void aDatabaseThatIsMissingIsNamed() {
        String url = Databases.url(database, "").replaceFirst("/test_[0-9_]+", "/missing");
        assertRefused(
                () -> PostgresBroker.open(url, "test", 1 << 20),
                "cannot use the PostgreSQL server localhost:",
                "/missing",
                "create it, or correct tasks.postgres.url");
    }

    @Test
    void aServerThatIsNotThereIsNamedAndNothingElse() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThatThrownBy(() -> PostgresBroker.open("postgres://me:secret@127.0.0.1:" + port + "/db", "test", 1 << 20))
                .isInstanceOf(BrokerException.class)
                .hasMessageContaining("cannot use the PostgreSQL server 127.0.0.1:" + port + "/db")
                .hasMessageContaining("is it running there")
                .hasMessageNotContaining("secret");
    }

    @Test
    void aDatabaseThatCannotKeepEveryTextIsRefused() throws SQLException {
        String name = "latin_" + ProcessHandle.current().pid();
        execute("CREATE DATABASE " + name + " TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'");
        try {
            String url = Databases.url(database, "").replaceFirst("/test_[0-9_]+", "/" + name);
            assertRefused(() -> PostgresBroker.open(url, "test", 1 << 20), name, "LATIN1", "encoding UTF8");
        } finally {
            execute("DROP DATABASE " + name + " WITH (FORCE)");
        }
    }

    @Test
    void aUserWhoMayOnlyReadIsRefused() throws SQLException {
        execute("ALTER DATABASE " + admin.getCatalog() + " SET default_transaction_read_only TO on");
        assertRefused(() -> open(""), "can only be read");
    }

    @Test
    void clocksMustAgree() throws SQLException {
        Address address = Address.of(Databases.url(database, ""), "test");
        assertThat(ServerCheck.of(admin, address, System::currentTimeMillis)).isEqualTo("unsafe");
        assertThat(ServerCheck.of(admin, address, () -> System.currentTimeMillis() + 20_000))
                .as("a warning")
                .isNotEmpty();
        for (long skew : new long[] {-40_000, 40_000}) {
            assertRefused(
                    () -> ServerCheck.of(admin, address, () -> System.currentTimeMillis() + skew),
                    "the clock of the PostgreSQL server",
                    "more than 30 s",
                    "NTP");
        }
    }

    /// A user without any right, and what the errors tell his administrator to do about it.
    @Test
    void eachMissingPrivilegeIsTold() throws SQLException {
        String user = "clerk_" + ProcessHandle.current().pid();
        execute("DROP ROLE IF EXISTS " + user, "CREATE ROLE " + user + " LOGIN");
        try {
            String url = Databases.url(database, "").replaceFirst("postgres://[^@]*@", "postgres://" + user + "@");
            assertRefused(
                    () -> PostgresBroker.open(url, "test", 1 << 20),
                    "may not make one",
                    "CREATE SCHEMA muster AUTHORIZATION \"" + user + "\"");
            execute("CREATE SCHEMA muster");
            assertRefused(() -> PostgresBroker.open(url, "test", 1 << 20), "GRANT USAGE ON SCHEMA muster TO");
            execute("GRANT USAGE ON SCHEMA muster TO \"" + user + "\"");
            assertRefused(() -> PostgresBroker.open(url, "test", 1 << 20), "GRANT CREATE ON SCHEMA muster TO");
            open("").close();
            assertRefused(() -> PostgresBroker.open(url, "test", 1 << 20), "GRANT SELECT ON muster.muster_schema TO");
            execute("GRANT SELECT ON muster.muster_schema TO \"" + user + "\"");
            assertRefused(
                    () -> PostgresBroker.open(url, "test", 1 << 20),
                    "SELECT on account",
                    "DELETE on lease",
                    "USAGE on tail",
                    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA muster TO \"" + user
                            + "\"; GRANT USAGE ON ALL SEQUENCES IN SCHEMA muster TO \"" + user + "\"");
            execute(
                    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA muster TO \"" + user + "\"",
                    "GRANT USAGE ON ALL SEQUENCES IN SCHEMA muster TO \"" + user + "\"");
            try (Broker broker = PostgresBroker.open(url, "test", 1 << 20)) {
                List<String> _ = broker.enqueue(List.of(NewTask.of("q", "{}")));
                broker.renew("w", Duration.ofSeconds(30));
                assertThat(broker.claim("q", "w", 1)).hasSize(1);
                assertThat(broker.counts().get("q")).isEqualTo(new QueueCounts(1, 0, 0, 1, 0, 0, 0, 0));
            }
        } finally {
            execute("DROP OWNED BY " + user, "DROP ROLE " + user);
        }
    }
}
