/// The top: decides whether this JVM is a master or a child, and wires the rest.
@NullMarked
package dev.muster.boot;

import org.jspecify.annotations.NullMarked;
