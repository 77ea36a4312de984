/// Other code under a running application.
@NullMarked
package dev.muster.system.reload;

import org.jspecify.annotations.NullMarked;
