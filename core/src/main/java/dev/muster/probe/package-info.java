/// The answers to health probes of an orchestrator, and as much of HTTP as these need. No code of the application
/// runs here.
///
/// `ProbePort` opens the port, [ProbeServer] reads requests and writes answers, [HealthProbe] makes them of what the
/// master says.
@NullMarked
package dev.muster.probe;

import org.jspecify.annotations.NullMarked;
