/// Tables, channels, counters and locks under stress. The protocols are in docs/protocol/memory.md.
@NullMarked
package dev.muster.concurrency.memory;

import org.jspecify.annotations.NullMarked;
