package dev.muster.supervise;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/// Writes instants as `2026-11-23T12:00:00.123Z`. Not for several threads at once.
final class LogStamp {
    private long second = Long.MIN_VALUE;
    private String upToSecond = "";

    String text(long epochMillis) {
        long now = Math.floorDiv(epochMillis, 1000L);
        if (now != second) {
            second = now;
            // With a fraction the text always has its seconds.
            upToSecond = LocalDateTime.ofEpochSecond(now, 1_000_000, ZoneOffset.UTC)
                    .toString()
                    .substring(0, 20);
        }
        return upToSecond
                + Long.toString(1000 + Math.floorMod(epochMillis, 1000L)).substring(1) + "Z";
    }
}
