/// What several nodes agree on.
@NullMarked
package dev.muster.system.cluster;

import org.jspecify.annotations.NullMarked;
