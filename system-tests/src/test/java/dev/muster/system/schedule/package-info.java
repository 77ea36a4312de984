/// Schedules.
@NullMarked
package dev.muster.system.schedule;

import org.jspecify.annotations.NullMarked;
