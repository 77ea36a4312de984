/// Test support that is shipped to users: a whole application as a fixture, and the behaviour that every broker shows.
///
/// Start reading at [RunningApp] and [BrokerContract].
@NullMarked
package dev.muster.testkit;

import org.jspecify.annotations.NullMarked;
