/// Messages, immediate tasks and pipes between the processes of one application, over Unix sockets in the run
/// directory: docs/protocol/messages.md. Knows nothing of the master, nor of what user code does with a message.
///
/// Start reading at [Post].
@NullMarked
package dev.muster.message;

import org.jspecify.annotations.NullMarked;
