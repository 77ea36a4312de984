/// What listeners are told of their application.
@NullMarked
package dev.muster.system.event;

import org.jspecify.annotations.NullMarked;
