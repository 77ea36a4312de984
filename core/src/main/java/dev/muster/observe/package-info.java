/// Events and snapshots: the one source from which log lines, the command line and later the dashboard are
/// rendered.
@NullMarked
package dev.muster.observe;

import org.jspecify.annotations.NullMarked;
