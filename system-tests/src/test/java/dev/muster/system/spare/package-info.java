/// Processes that wait to take over.
@NullMarked
package dev.muster.system.spare;

import org.jspecify.annotations.NullMarked;
