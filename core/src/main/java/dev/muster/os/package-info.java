/// The only package that spawns, signals, waits, locks files or calls native code. Everything here is a thin,
/// honest cover of one operating-system facility; no policy.
@NullMarked
package dev.muster.os;

import org.jspecify.annotations.NullMarked;
