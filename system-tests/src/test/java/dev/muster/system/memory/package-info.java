/// What processes of an application share, while they and their master are killed.
@NullMarked
package dev.muster.system.memory;

import org.jspecify.annotations.NullMarked;
