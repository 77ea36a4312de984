package dev.muster.config;

import static dev.muster.config.Keys.key;
import static dev.muster.config.Keys.noted;

import java.util.List;

/// The rows of the table of keys for the web workers, `server.*`.
final class ServerKeys {
    private static final int MAX_WORKERS = 1_000;
    private static final int MAX_PORT = 65_535;
    private static final int MANY = 1_000_000;
    private static final long HOUR = 3_600_000;
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;

    static final List<Key> TABLE = List.of(
            key(
                    "server.port",
                    new ValueType.IntegerRange(0, MAX_PORT),
                    "0",
                    "The port that the web workers share; 0 for no web workers."),
            key(
                    "server.host",
                    new ValueType.Text(253),
                    "0.0.0.0",
                    "The address that they listen on: an IPv4 or IPv6 address of this machine, or its name; `::` for"
                            + " both families."),
            key(
                    "server.workers",
                    new ValueType.IntegerRange(0, MAX_WORKERS),
                    "0",
                    "Web workers; 0 for one for each processor."),
            key(
                    "server.maxHeader",
                    new ValueType.SizeRange(KIB, MIB),
                    "16KiB",
                    "The largest request line, and the largest headers of a request together; 431 beyond it."),
            key(
                    "server.maxBody",
                    new ValueType.SizeRange(0, 1L << 40),
                    "8MiB",
                    "The largest body of a request; 413 beyond it."),
            key(
                    "server.maxConnections",
                    new ValueType.IntegerRange(1, MANY),
                    "16384",
                    "Connections of one worker; more wait in the queue of the port."),
            key(
                    "server.maxRequests",
                    new ValueType.IntegerRange(1, MANY),
                    "1024",
                    "Requests of one worker in flight; 503 beyond it."),
            key(
                    "server.idleTimeout",
                    new ValueType.DurationRange(100, HOUR),
                    "60s",
                    "How long a connection may be without a whole request, except that of a WebSocket."),
            key(
                    "server.requestTimeout",
                    new ValueType.DurationRange(0, Durations.MAX_MILLIS),
                    "60s",
                    "Limit of a request, and of an event of a WebSocket, after which its process is killed; 0 for"
                            + " none."),
            key(
                    "server.drainGrace",
                    new ValueType.DurationRange(0, HOUR),
                    "5s",
                    "How long a worker that is to end keeps idle connections, whose next answer closes them, and over"
                            + " which it spreads the ends of its WebSockets; at most half of `limits.drain` counts."),
            key(
                    "server.maxMessage",
                    new ValueType.SizeRange(KIB, 64 * MIB),
                    "1MiB",
                    "The largest message that a WebSocket may send; 1009 beyond it."),
            key(
                    "server.maxQueued",
                    new ValueType.SizeRange(KIB, 1024 * MIB),
                    "1MiB",
                    "Bytes that may wait for a WebSocket behind the message that is being sent, if they are more than"
                            + " one message; 1013 beyond it."),
            key(
                    "server.pingInterval",
                    new ValueType.DurationRange(0, HOUR),
                    "30s",
                    "How often a silent WebSocket is asked for a sign of life; after two without one it is closed; 0"
                            + " for never."),
            key(
                    "server.deflate",
                    new ValueType.Flag(),
                    "true",
                    "Whether the messages of WebSockets are compressed for those who offer it."),
            key(
                    "server.compress",
                    new ValueType.Flag(),
                    "false",
                    "Whether answers are compressed for those who accept it; a proxy in front does it as well."),
            key("server.http2", new ValueType.Flag(), "true", "Whether HTTP/2 is spoken, with TLS and without."),
            noted(
                    "server.origins",
                    new ValueType.Origins(),
                    "the same host",
                    "Origins from which pages may open WebSockets. Only they: the host of the application itself is to"
                            + " be named too."),
            noted(
                    "server.subProtocols",
                    new ValueType.Tokens(),
                    "none",
                    "Sub-protocols of WebSockets; the first of a client's that is among them is chosen."),
            key(
                    "server.forwarded",
                    new ValueType.Flag(),
                    "false",
                    "Whether `Forwarded` and `X-Forwarded-*` are believed; only behind a proxy that sets them."),
            noted(
                    "server.tls.certificate",
                    new ValueType.FilePath(),
                    "no TLS",
                    "File with the certificate and those above it, PEM; read anew when it changes."),
            noted(
                    "server.tls.key",
                    new ValueType.FilePath(),
                    "no TLS",
                    "File with the private key of the first of them, PEM, without a password."),
            key(
                    "server.accessLog",
                    new ValueType.Flag(),
                    "false",
                    "Whether a line is logged for each request, by the logger `muster.access`."));

    private ServerKeys() {}
}
