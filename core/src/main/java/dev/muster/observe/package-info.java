/// What `ps`, `deaths` and the health probes show, and how it looks as JSON.
///
/// Start reading at [ReportJson].
@NullMarked
package dev.muster.observe;

import org.jspecify.annotations.NullMarked;
