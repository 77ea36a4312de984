/// The only package that spawns, signals, waits, locks files or calls native code. Everything here is a thin,
/// honest cover of one operating-system facility; no policy.
///
/// - **Native calls**: `Native` binds functions, [Natives] says whether that is allowed; each class holds those of its
///   own subject. The `Plain` classes do what can be done without, in degraded mode.
/// - **Processes**: [Spawner], [Wait], [Pidfd], [Signals], [ParentDeath], [Subreaper], [Exit]; what `/proc` says of
///   them: [ProcFs], [ProcStat], [ProcessTable], [Identity].
/// - **Descriptors**: [Fd], [PollSet] and [Poller], [UnixSocket], [TcpSocket], [Peer].
/// - **Memory that processes share**: [Words] for single words, [Futex] to sleep on one.
/// - **Limits**: [ControlGroup], [OpenFiles], [Affinity], [Priority], [OomScore].
@NullMarked
package dev.muster.os;

import org.jspecify.annotations.NullMarked;
