/// A ledger outside of the broker: what tasks say of their starts and ends is compared with what the store says, while
/// processes, servers, lines and disks fail. Begin with [Judge], then [FaultMatrix].
@NullMarked
package dev.muster.system.ledger;

import org.jspecify.annotations.NullMarked;
