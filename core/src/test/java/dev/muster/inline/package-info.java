@NullMarked
package dev.muster.inline;

import org.jspecify.annotations.NullMarked;
