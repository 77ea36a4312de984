/// The applications of the seeds, on real databases.
@NullMarked
package dev.muster.system.examples;

import org.jspecify.annotations.NullMarked;
