-- What SQLite and PostgreSQL both understand. The build generates the typed tables from this file, and the example
-- creates its tables with it.

CREATE TABLE IF NOT EXISTS users (
    id          BIGINT       NOT NULL PRIMARY KEY,
    name        VARCHAR(100) NOT NULL,
    email       VARCHAR(200) NOT NULL,
    -- whoever changes a user counts this up and sets sync_status to 0
    version     INTEGER      NOT NULL DEFAULT 0,
    -- 0 is to be synchronised, 1 is synchronised
    sync_status INTEGER      NOT NULL DEFAULT 0
);

CREATE INDEX IF NOT EXISTS users_sync_status ON users (sync_status, id);
