/// Logs under faults.
@NullMarked
package dev.muster.system.log;

import org.jspecify.annotations.NullMarked;
