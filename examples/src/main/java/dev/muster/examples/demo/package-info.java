/// The demo application: three user processes of the SWLib documentation, Fend's AsyncTask pool, tasks of every temper,
/// and the generator of their messages.
///
/// Start reading at [DemoApp].
@NullMarked
package dev.muster.examples.demo;

import org.jspecify.annotations.NullMarked;
