/// Applications without native calls.
@NullMarked
package dev.muster.system.degraded;

import org.jspecify.annotations.NullMarked;
