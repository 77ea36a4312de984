/// Tests of shared memory: models, layouts against their document, and processes that are killed in the middle.
@NullMarked
package dev.muster.memory;

import org.jspecify.annotations.NullMarked;
