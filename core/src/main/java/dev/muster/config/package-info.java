/// The configuration: `muster.yml`, environment and options, checked against one table of keys. Knows no process and no
/// role beyond the names in the keys.
///
/// Start reading at [Keys] and [Settings].
@NullMarked
package dev.muster.config;

import org.jspecify.annotations.NullMarked;
