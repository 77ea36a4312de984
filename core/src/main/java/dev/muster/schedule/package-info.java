/// When something recurs: cron expressions in a time zone, and intervals. Pure: it knows no clock, no thread and nobody
/// else.
///
/// Start reading at [Recurrence].
@NullMarked
package dev.muster.schedule;

import org.jspecify.annotations.NullMarked;
