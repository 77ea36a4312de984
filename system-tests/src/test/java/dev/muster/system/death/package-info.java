/// Every kind of death, and what is known of it afterwards.
@NullMarked
package dev.muster.system.death;

import org.jspecify.annotations.NullMarked;
