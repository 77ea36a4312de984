/// What crosses the control socket between the master and its children, and between the command line and the master:
/// the messages, the frames that carry them, and the two ends of a connection. Knows no state machine and no role.
///
/// Start reading at [Message]; the bytes are in docs/protocol/control.md.
@NullMarked
package dev.muster.control;

import org.jspecify.annotations.NullMarked;
