/// Applications that are one JVM.
@NullMarked
package dev.muster.system.inline;

import org.jspecify.annotations.NullMarked;
