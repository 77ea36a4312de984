/// How many processes there are, and whether they work.
@NullMarked
package dev.muster.system.scale;

import org.jspecify.annotations.NullMarked;
