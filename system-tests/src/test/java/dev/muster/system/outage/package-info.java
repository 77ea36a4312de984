/// Stores that are away, that come back empty, and connections to them that die without a word.
@NullMarked
package dev.muster.system.outage;

import org.jspecify.annotations.NullMarked;
