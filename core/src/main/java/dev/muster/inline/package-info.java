/// The whole application in one JVM, for development environments and unit tests: supervision without processes, and
/// therefore without kill and without isolation. The only package that sees both the policies of the master and the
/// loops of the workers.
///
/// Start reading at [InlineMaster].
@NullMarked
package dev.muster.inline;

import org.jspecify.annotations.NullMarked;
