/// Tests of messages, immediate tasks and pipes over real sockets.
@NullMarked
package dev.muster.message;

import org.jspecify.annotations.NullMarked;
