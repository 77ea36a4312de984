/// Tests of the control connection: every message there and back, broken bytes, and hostile clients on a real socket.
@NullMarked
package dev.muster.control;

import org.jspecify.annotations.NullMarked;
