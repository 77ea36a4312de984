package dev.muster.supervise;

import dev.muster.os.Identity;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of one life of one process, unique on the machine: `PLACE.MASTER.STARTTIME.SLOT.LIFE`. It stands in the
/// environment of the child, which everything that it starts inherits, also into a session of its own. It is no secret
/// and opens nothing.
record LifeMark(String place, Identity master, int slot, int life) {
    static final String VARIABLE = "MUSTER_LIFE";

    private static final Pattern FORM =
            Pattern.compile("([0-9a-f]{16})\\.(\\d{1,18})\\.(\\d{1,18})\\.(-?\\d{1,9})\\.(-?\\d{1,9})");

    String text() {
        return place + "." + master.pid() + "." + master.startTime() + "." + slot + "." + life;
    }

    /// Reads what [#text()] wrote; empty if it is something else.
    static Optional<LifeMark> parse(String text) {
        Matcher parts = FORM.matcher(text);
        return parts.matches()
                ? Optional.of(new LifeMark(
                        parts.group(1),
                        new Identity(Long.parseLong(parts.group(2)), Long.parseLong(parts.group(3))),
                        Integer.parseInt(parts.group(4)),
                        Integer.parseInt(parts.group(5))))
                : Optional.empty();
    }
}
