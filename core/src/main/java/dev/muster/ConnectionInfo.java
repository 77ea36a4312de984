package dev.muster;

import java.time.Instant;

/// A WebSocket, as its worker knows it.
///
/// @param id of the connection
/// @param slot of the worker
/// @param remoteAddress of the client, with its port
/// @param path that it was opened with
/// @param openedAt when
/// @param lastReceivedAt when it last sent something, pings and pongs included
/// @param userId whom it is bound to, empty if to nobody
/// @param queuedBytes what waits to be sent to it
public record ConnectionInfo(
        long id,
        int slot,
        String remoteAddress,
        String path,
        Instant openedAt,
        Instant lastReceivedAt,
        String userId,
        long queuedBytes) {}
