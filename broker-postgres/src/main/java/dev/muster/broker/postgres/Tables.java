package dev.muster.broker.postgres;

import java.util.List;

/// What the schema holds, version by version.
final class Tables {
    /// Small tables whose rows come and go: they are vacuumed by the number of dead rows, not by their share.
    private static final String BUSY = " WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,"
            + " autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 10000)";

    /// A row is written three times in its life, and a queue is mostly dead rows at its front.
    private static final String TASKS = " WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01,"
            + " autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0.05)";

    static final List<String> FIRST = List.of(
            """
            CREATE TABLE muster_schema(
              version integer PRIMARY KEY,
              applied_at bigint NOT NULL
            )\
            """,
            """
                CREATE TABLE queue(
                  name text COLLATE "C" PRIMARY KEY,
                  accepted bigint NOT NULL DEFAULT 0,
                  done bigint NOT NULL DEFAULT 0,
                  deleted bigint NOT NULL DEFAULT 0,
                  retried bigint NOT NULL DEFAULT 0,
                  paused integer NOT NULL DEFAULT 0
                )\
                """ + BUSY,
            """
                CREATE TABLE tally(
                  queue text COLLATE "C" NOT NULL,
                  accepted bigint NOT NULL DEFAULT 0,
                  done bigint NOT NULL DEFAULT 0,
                  deleted bigint NOT NULL DEFAULT 0,
                  retried bigint NOT NULL DEFAULT 0
                )\
                """ + BUSY,
            """
            CREATE VIEW account AS
              SELECT name, sum(accepted) AS accepted, sum(done) AS done, sum(deleted) AS deleted, sum(retried) AS retried
              FROM (
                SELECT name, accepted, done, deleted, retried FROM queue
                UNION ALL SELECT queue, accepted, done, deleted, retried FROM tally
              ) numbers GROUP BY name\
            """,
            "CREATE SEQUENCE tail",
            """
                CREATE TABLE task(
                  seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                  id text COLLATE "C" NOT NULL UNIQUE,
                  queue text COLLATE "C" NOT NULL,
                  state text COLLATE "C" NOT NULL DEFAULT 'READY' CHECK(state IN ('READY', 'SCHEDULED', 'RUNNING', 'DEAD')),
                  place bigint NOT NULL DEFAULT 0,
                  due bigint NOT NULL DEFAULT 0,
                  single integer NOT NULL DEFAULT 0,
                  owner text COLLATE "C",
                  token bigint NOT NULL DEFAULT 0,
                  attempts integer NOT NULL DEFAULT 0,
                  first_at bigint NOT NULL DEFAULT 0,
                  crashes integer NOT NULL DEFAULT 0,
                  crash_times text,
                  accepted_at bigint NOT NULL,
                  changed_at bigint NOT NULL,
                  reason text,
                  detail text,
                  history text,
                  priority integer NOT NULL DEFAULT 0,
                  unique_key text COLLATE "C",
                  cancelled integer NOT NULL DEFAULT 0,
                  progress text,
                  original text,
                  payload text NOT NULL
                )\
                """ + TASKS,
            "CREATE INDEX task_ready ON task(queue, place) WHERE state = 'READY'",
            "CREATE INDEX task_single ON task(queue, place) WHERE state = 'READY' AND single <> 0",
            "CREATE INDEX task_due ON task(queue, due) WHERE state = 'SCHEDULED'",
            "CREATE INDEX task_owner ON task(owner, queue) WHERE state = 'RUNNING'",
            "CREATE INDEX task_dead ON task(changed_at, queue) WHERE state = 'DEAD'",
            "CREATE UNIQUE INDEX task_unique ON task(queue, unique_key) WHERE unique_key IS NOT NULL",
            "CREATE INDEX task_cancelled ON task(owner) WHERE cancelled <> 0",
            """
            CREATE TABLE result(
              id text COLLATE "C" PRIMARY KEY,
              queue text COLLATE "C" NOT NULL,
              attempts integer NOT NULL,
              crashes integer NOT NULL,
              accepted_at bigint NOT NULL,
              done_at bigint NOT NULL,
              kept_until bigint NOT NULL,
              priority integer NOT NULL,
              progress text,
              result text NOT NULL,
              payload text NOT NULL
            )\
            """,
            "CREATE INDEX result_kept ON result(kept_until)",
            """
                CREATE TABLE lease(
                  name text COLLATE "C" PRIMARY KEY,
                  holder text COLLATE "C" NOT NULL,
                  note text NOT NULL,
                  token bigint NOT NULL,
                  until bigint NOT NULL
                )\
                """ + BUSY,
            """
                CREATE TABLE schedule(
                  name text COLLATE "C" PRIMARY KEY,
                  fired bigint NOT NULL
                )\
                """ + BUSY,
            """
                CREATE TABLE worker(
                  owner text COLLATE "C" PRIMARY KEY,
                  until bigint NOT NULL
                )\
                """ + BUSY,
            "CREATE TABLE receipt(mark uuid PRIMARY KEY)" + BUSY,
            "COMMENT ON TABLE task IS 'Tasks of Muster that are kept; not to be written by hand'",
            "COMMENT ON VIEW account IS 'The numbers of the queues of Muster'");

    /// Dead letters keep their unique keys until they are retried, and others may have them meanwhile.
    static final List<String> SECOND = List.of(
            "DROP INDEX task_unique",
            "CREATE UNIQUE INDEX task_unique ON task(queue, unique_key) WHERE unique_key IS NOT NULL AND state <>"
                    + " 'DEAD'");

    private Tables() {}
}
