/// What the outside is told about the health of an application: probes, service manager, signals.
@NullMarked
package dev.muster.system.health;

import org.jspecify.annotations.NullMarked;
