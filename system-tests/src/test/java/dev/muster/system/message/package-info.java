/// Messages, immediate tasks and pipes between real processes.
@NullMarked
package dev.muster.system.message;

import org.jspecify.annotations.NullMarked;
