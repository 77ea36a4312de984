package dev.muster.control;

import dev.muster.ExitReason;
import dev.muster.Health;
import dev.muster.Role;
import dev.muster.WorkerFailure;
import java.util.List;
import java.util.Map;

/// Everything that is said on the control socket: facts in the past tense, orders in the imperative.
///
/// The bytes of each are given in docs/protocol/control.md; [FrameCodec] is the only code that knows them.
public sealed interface Message {
    /// Counts changes of these messages that an older peer would not understand. Sent with each [Command].
    int PROTOCOL_VERSION = 1;

    // ---- from a child to the master

    /// What a child says once it has said [Hello].
    sealed interface FromChild extends Message {}

    /// The first word of a child. The master checks that the socket's peer has this pid and that the token is the
    /// one it gave to that pid's slot.
    ///
    /// @param token the one-time token from the environment
    /// @param pid the child's process id
    /// @param incarnation who the child is, for leases and marks
    /// @param jvm version of the virtual machine, for people
    record Hello(String token, long pid, String incarnation, String jvm) implements Message {}

    /// The child is ready for work.
    record Ready() implements FromChild {}

    /// The child has taken up the work of its slot, as [Activate] ordered.
    record TookUp() implements FromChild {}

    /// The child has finished its work and takes up none, as [Pause] ordered.
    record Quieted() implements FromChild {}

    /// A child that still boots asks for more time.
    ///
    /// @param millis how much longer its boot may take, from now on
    /// @param reason one line for people
    record Extend(long millis, String reason) implements FromChild {}

    /// The child takes up no more work, and ends by itself when its present work has ended: another one should have
    /// its place.
    ///
    /// @param reason one line for people
    record Retiring(String reason) implements FromChild {}

    /// The child takes no tasks although some are ready for it, and has not been able to mend that; or it takes
    /// them again.
    ///
    /// @param reason one line for people; empty when it is over
    record Stalled(String reason) implements FromChild {}

    /// The child does not get on with its task store, or does again.
    ///
    /// @param reason one line for people; empty when it is over
    record Outage(String reason) implements FromChild {}

    /// The child will claim nothing more, and the store holds nothing in its name: nobody has to see to that when
    /// it has ended.
    record Released() implements FromChild {}

    /// Last words: why the child is about to end. Without them an exit code of 64 to 70 is an ordinary error.
    ///
    /// @param reason why
    /// @param detail one line for people, empty if there is nothing to add
    /// @param stay true if the slot is to stay empty
    record Bye(ExitReason reason, String detail, boolean stay) implements FromChild {}

    /// The child has written the thread dump that was asked for, or could not.
    record Dumped(long request, boolean written, String detail) implements FromChild {}

    /// The work of a dead incarnation was given back by this child.
    record Reclaimed(String incarnation, int requeued, int dead) implements FromChild {}

    /// `exiting` was run in this child for a worker of its pool that could not run it itself.
    record ExitingRan(String incarnation) implements FromChild {}

    /// The listeners of this child were told what was announced, by an [Announcement].
    record Announced(long number) implements FromChild {}

    /// User code orders the end of a slot's process.
    record StopSlot(int slot) implements FromChild {}

    /// User code orders the end of the application.
    record Shutdown() implements FromChild {}

    /// User code orders a reload of the code.
    ///
    /// @param scope the word for a role or the name of a declaration; empty for all
    record OrderReload(String scope) implements FromChild {}

    /// What a check of the code and the configuration has found: the first and only message of the process that
    /// does it. It is told apart from children by its token.
    ///
    /// @param token the one-time token from the environment
    /// @param error why the application cannot run like this, empty if it can
    /// @param settings the effective configuration
    /// @param processes the declarations in the order of the slots, with the configuration applied
    /// @param tasks the task declarations
    /// @param schedules the schedules, with the configuration applied
    /// @param listeners the classes of the server's listeners
    /// @param warnings what is legal but probably not meant
    record Checked(
            String token,
            String error,
            Map<String, String> settings,
            List<Map<String, String>> processes,
            List<Map<String, String>> tasks,
            List<Map<String, String>> schedules,
            List<String> listeners,
            List<String> warnings)
            implements Message {}

    /// User code asks for [StatsReply].
    record StatsRequest(long request) implements FromChild {}

    // ---- from the master to a child

    /// What a child is told once it has got [Welcome].
    sealed interface ToChild extends Message {}

    /// The answer to [Hello]: what the child is to be.
    ///
    /// @param slot its slot number; a spare gets another with [Activate]
    /// @param seat the number of its part of the board
    /// @param life who it is: counts the processes of the application, from 1
    /// @param spare whether it is to wait, warmed, for another process to die
    /// @param role its role
    /// @param name its name with `#N` when there are several instances
    /// @param declaration the effective values of its declaration, see `dev.muster.scan.Declaration`
    /// @param settings the effective configuration
    /// @param tasks the task declarations of the application, for roles that run tasks
    /// @param listeners the classes of the server's listeners
    /// @param dead the workers whose work nobody has given back yet: to be done before [Ready]
    record Welcome(
            int slot,
            int seat,
            int life,
            boolean spare,
            Role role,
            String name,
            Map<String, String> declaration,
            Map<String, String> settings,
            List<Map<String, String>> tasks,
            List<String> listeners,
            List<DeadWorker> dead)
            implements Message {}

    /// Take up the work of this slot; also after [Pause]. Answered by [TookUp].
    ///
    /// @param slot its slot number from now on
    /// @param name its name from now on
    record Activate(int slot, String name) implements ToChild {}

    /// Finish the present work and take up none until [Activate]. Answered by [Quieted].
    record Pause() implements ToChild {}

    /// Take no new work, finish the present one, then end with exit code 0.
    record Stop() implements ToChild {}

    /// Write a thread dump with virtual threads, as JSON, to this path.
    record Dump(long request, String path) implements ToChild {}

    /// Give back what a dead worker held. Answered by [Reclaimed].
    record Reclaim(DeadWorker dead) implements ToChild {}

    /// Serve the schedules of the application from now on, until told otherwise. No answer.
    ///
    /// @param schedules these and no others, see `dev.muster.scan.ScheduleDeclaration`, each with `since`: from
    ///     which instant on, in milliseconds since 1970, instants count if none was served before; empty: serve
    ///     none
    record KeepTime(List<Map<String, String>> schedules) implements ToChild {}

    /// Tell the listeners of this child what happens to the application. Answered by [Announced].
    sealed interface Announcement extends ToChild {
        /// Counts what is announced.
        long number();
    }

    /// An announcement.
    record Announce(long number, Occasion occasion) implements Announcement {}

    /// The announcement that another child has ended, which nobody had ordered.
    record AnnounceFailure(long number, WorkerFailure failure) implements Announcement {}

    /// Run `exiting` for a dead worker of this child's pool. Answered by [ExitingRan].
    record RunExiting(String incarnation, ExitReason reason, String task, boolean hasTask) implements ToChild {}

    /// The answer to [StatsRequest].
    record StatsReply(long request, long startedAtEpochMillis, Health health, List<SlotLine> slots)
            implements ToChild {}

    // ---- between the command line and the master

    /// A verb of the command line. The first and only message of such a connection.
    ///
    /// @param version the caller's protocol version, checked before the verb
    /// @param verb the verb
    /// @param options its arguments by name
    record Command(int version, String verb, Map<String, String> options) implements Message {}

    /// Something to show while a command is under way.
    record Progress(String line) implements Message {}

    /// The end of a command.
    ///
    /// @param exitCode the exit code of the command line, see docs/operate/exit-codes.md
    /// @param body JSON for commands that return data; else a sentence for people
    record Reply(int exitCode, String body) implements Message {
        /// One with a code that has a name.
        public Reply(ExitCode code, String body) {
            this(code.number(), body);
        }
    }

    // ---- parts of messages

    /// A worker that died with work in its hands.
    ///
    /// @param incarnation who it was, or [#EVERYBODY]
    /// @param queue the queue it took from
    /// @param verdict what its started tasks spend
    /// @param guilty the ids of the tasks that were killed at their own deadlines, parted by blanks; empty if none
    /// @param started the tasks it had marked as started when it died
    /// @param startedKnown false if the marks were lost, so that any task it had claimed may have been started
    /// @param reason one line for the history of these tasks, for example `STUCK deadline 1000 ms`
    /// @param dump path of the evidence, empty if there is none
    record DeadWorker(
            String incarnation,
            String queue,
            Verdict verdict,
            String guilty,
            List<String> started,
            boolean startedKnown,
            String reason,
            String dump) {
        /// Stands for every incarnation that holds claims and is not alive: those of whom nobody knows, because
        /// the machine, or the board, was lost with them.
        public static final String EVERYBODY = "*";

        /// Whether the task was killed at its own deadline.
        public boolean blames(String id) {
            return verdict == Verdict.DEADLINE && List.of(guilty.split(" ")).contains(id);
        }
    }

    /// What the started tasks of a dead worker spend.
    enum Verdict {
        /// A death that nobody ordered: each started task spends a crash.
        CRASH,
        /// Killed at a task's deadline: the guilty ones spend an attempt, their siblings nothing.
        DEADLINE,
        /// An ordered death: nothing is spent.
        ORDERED
    }

    /// What happens to an application as a whole.
    enum Occasion {
        /// It has started: the first worker that has listeners works.
        START,
        /// A reload has succeeded.
        RELOAD,
        /// It begins to stop.
        SHUTDOWN
    }

    /// One slot in [StatsReply].
    record SlotLine(
            int slot,
            Role role,
            String name,
            long pid,
            String state,
            long uptimeMillis,
            int restarts,
            long unitsDone,
            long unitsFailed,
            int backlog) {}
}
