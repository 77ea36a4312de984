/// Web workers, and the socket that they share.
@NullMarked
package dev.muster.system.web;

import org.jspecify.annotations.NullMarked;
