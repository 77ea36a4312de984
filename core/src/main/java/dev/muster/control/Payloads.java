package dev.muster.control;

import dev.muster.ExitReason;
import dev.muster.Health;
import dev.muster.Role;
import dev.muster.WorkerFailure;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Occasion;
import dev.muster.control.Message.SlotLine;
import dev.muster.control.Message.Verdict;

/// The fields of each message in the order of docs/protocol/control.md, which is the order of the record. No switch
/// here has a default: a new message does not compile until it can be written and read.
final class Payloads {
    /// The shortest possible map, list or text.
    private static final int LEAST_TEXT = Integer.BYTES;
    /// The shortest possible [DeadWorker]: five texts, an enum name, a list and a truth value.
    private static final int LEAST_DEAD = 7 * Integer.BYTES + 1;
    /// The shortest possible [SlotLine]: slot, restarts, backlog, three texts and four long numbers.
    private static final int LEAST_SLOT_LINE = 6 * Integer.BYTES + 4 * Long.BYTES;

    private static final Role[] ROLES = Role.values();
    private static final ExitReason[] REASONS = ExitReason.values();
    private static final Health.Status[] STATUSES = Health.Status.values();
    private static final Occasion[] OCCASIONS = Occasion.values();
    private static final Verdict[] VERDICTS = Verdict.values();

    private Payloads() {}

    static void write(Message message, PayloadWriter out) {
        switch (message) {
            case Message.Hello m -> {
                out.text(m.token());
                out.int64(m.pid());
                out.text(m.incarnation());
                out.text(m.jvm());
            }
            case Message.Ready _,
                    Message.Shutdown _,
                    Message.Stop _,
                    Message.TookUp _,
                    Message.Quieted _,
                    Message.Released _,
                    Message.Pause _ -> {}
            case Message.Bye m -> {
                out.name(m.reason());
                out.text(m.detail());
                out.bool(m.stay());
            }
            case Message.Dumped m -> {
                out.int64(m.request());
                out.bool(m.written());
                out.text(m.detail());
            }
            case Message.Reclaimed m -> {
                out.text(m.incarnation());
                out.int32(m.requeued());
                out.int32(m.dead());
            }
            case Message.ExitingRan m -> out.text(m.incarnation());
            case Message.Announced m -> out.int64(m.number());
            case Message.StopSlot m -> out.int32(m.slot());
            case Message.StatsRequest m -> out.int64(m.request());
            case Message.OrderReload m -> out.text(m.scope());
            case Message.Checked m -> {
                out.text(m.token());
                out.text(m.error());
                out.map(m.settings());
                out.int32(m.processes().size());
                m.processes().forEach(out::map);
                out.int32(m.tasks().size());
                m.tasks().forEach(out::map);
                out.int32(m.schedules().size());
                m.schedules().forEach(out::map);
                out.texts(m.listeners());
                out.texts(m.warnings());
            }
            case Message.Extend m -> {
                out.int64(m.millis());
                out.text(m.reason());
            }
            case Message.Retiring m -> out.text(m.reason());
            case Message.Stalled m -> out.text(m.reason());
            case Message.Outage m -> out.text(m.reason());
            case Message.Welcome m -> {
                out.int32(m.slot());
                out.int32(m.seat());
                out.int32(m.life());
                out.bool(m.spare());
                out.name(m.role());
                out.text(m.name());
                out.map(m.declaration());
                out.map(m.settings());
                out.int32(m.tasks().size());
                m.tasks().forEach(out::map);
                out.texts(m.listeners());
                out.int32(m.dead().size());
                m.dead().forEach(dead -> writeDead(dead, out));
            }
            case Message.Activate m -> {
                out.int32(m.slot());
                out.text(m.name());
            }
            case Message.KeepTime m -> {
                out.int32(m.schedules().size());
                m.schedules().forEach(out::map);
            }
            case Message.Announce m -> {
                out.int64(m.number());
                out.name(m.occasion());
            }
            case Message.AnnounceFailure m -> {
                out.int64(m.number());
                writeFailure(m.failure(), out);
            }
            case Message.Dump m -> {
                out.int64(m.request());
                out.text(m.path());
            }
            case Message.Reclaim m -> writeDead(m.dead(), out);
            case Message.RunExiting m -> {
                out.text(m.incarnation());
                out.name(m.reason());
                out.text(m.task());
                out.bool(m.hasTask());
            }
            case Message.StatsReply m -> {
                out.int64(m.request());
                out.int64(m.startedAtEpochMillis());
                writeHealth(m.health(), out);
                out.int32(m.slots().size());
                m.slots().forEach(slot -> writeSlotLine(slot, out));
            }
            case Message.Command m -> {
                out.int32(m.version());
                out.text(m.verb());
                out.map(m.options());
            }
            case Message.Progress m -> out.text(m.line());
            case Message.Reply m -> {
                out.int32(m.exitCode());
                out.text(m.body());
            }
        }
    }

    static Message read(MessageType type, PayloadReader in) throws ProtocolException {
        return switch (type) {
            case HELLO -> new Message.Hello(in.text(), in.int64(), in.text(), in.text());
            case READY -> new Message.Ready();
            case BYE -> new Message.Bye(in.name(REASONS), in.text(), in.bool());
            case DUMPED -> new Message.Dumped(in.int64(), in.bool(), in.text());
            case RECLAIMED -> new Message.Reclaimed(in.text(), in.int32(), in.int32());
            case EXITING_RAN -> new Message.ExitingRan(in.text());
            case ANNOUNCED -> new Message.Announced(in.int64());
            case STOP_SLOT -> new Message.StopSlot(in.int32());
            case SHUTDOWN -> new Message.Shutdown();
            case STATS_REQUEST -> new Message.StatsRequest(in.int64());
            case TOOK_UP -> new Message.TookUp();
            case QUIETED -> new Message.Quieted();
            case RELEASED -> new Message.Released();
            case ORDER_RELOAD -> new Message.OrderReload(in.text());
            case CHECKED ->
                new Message.Checked(
                        in.text(),
                        in.text(),
                        in.map(),
                        in.list(LEAST_TEXT, in::map),
                        in.list(LEAST_TEXT, in::map),
                        in.list(LEAST_TEXT, in::map),
                        in.list(LEAST_TEXT, in::text),
                        in.list(LEAST_TEXT, in::text));
            case ACTIVATE -> new Message.Activate(in.int32(), in.text());
            case PAUSE -> new Message.Pause();
            case KEEP_TIME -> new Message.KeepTime(in.list(LEAST_TEXT, in::map));
            case ANNOUNCE -> new Message.Announce(in.int64(), in.name(OCCASIONS));
            case ANNOUNCE_FAILURE -> new Message.AnnounceFailure(in.int64(), readFailure(in));
            case EXTEND -> new Message.Extend(in.int64(), in.text());
            case RETIRING -> new Message.Retiring(in.text());
            case STALLED -> new Message.Stalled(in.text());
            case OUTAGE -> new Message.Outage(in.text());
            case WELCOME ->
                new Message.Welcome(
                        in.int32(),
                        in.int32(),
                        in.int32(),
                        in.bool(),
                        in.name(ROLES),
                        in.text(),
                        in.map(),
                        in.map(),
                        in.list(LEAST_TEXT, in::map),
                        in.list(LEAST_TEXT, in::text),
                        in.list(LEAST_DEAD, () -> readDead(in)));
            case STOP -> new Message.Stop();
            case DUMP -> new Message.Dump(in.int64(), in.text());
            case RECLAIM -> new Message.Reclaim(readDead(in));
            case RUN_EXITING -> new Message.RunExiting(in.text(), in.name(REASONS), in.text(), in.bool());
            case STATS_REPLY ->
                new Message.StatsReply(
                        in.int64(), in.int64(), readHealth(in), in.list(LEAST_SLOT_LINE, () -> readSlotLine(in)));
            case COMMAND -> new Message.Command(in.int32(), in.text(), in.map());
            case PROGRESS -> new Message.Progress(in.text());
            case REPLY -> new Message.Reply(in.int32(), in.text());
        };
    }

    static void writeDead(DeadWorker dead, PayloadWriter out) {
        out.text(dead.incarnation());
        out.text(dead.queue());
        out.name(dead.verdict());
        out.text(dead.guilty());
        out.texts(dead.started());
        out.bool(dead.startedKnown());
        out.text(dead.reason());
        out.text(dead.dump());
    }

    static DeadWorker readDead(PayloadReader in) throws ProtocolException {
        return new DeadWorker(
                in.text(),
                in.text(),
                in.name(VERDICTS),
                in.text(),
                in.list(LEAST_TEXT, in::text),
                in.bool(),
                in.text(),
                in.text());
    }

    private static void writeFailure(WorkerFailure failure, PayloadWriter out) {
        out.int32(failure.slot());
        out.name(failure.role());
        out.text(failure.name());
        out.int64(failure.pid());
        out.name(failure.reason());
        out.int32(failure.code());
        out.int32(failure.signal());
    }

    private static WorkerFailure readFailure(PayloadReader in) throws ProtocolException {
        return new WorkerFailure(
                in.int32(), in.name(ROLES), in.text(), in.int64(), in.name(REASONS), in.int32(), in.int32());
    }

    private static void writeHealth(Health health, PayloadWriter out) {
        out.name(health.status());
        out.text(health.reason());
        out.bool(health.started());
        out.bool(health.ready());
        out.int32(health.generation());
    }

    private static Health readHealth(PayloadReader in) throws ProtocolException {
        return new Health(in.name(STATUSES), in.text(), in.bool(), in.bool(), in.int32());
    }

    private static void writeSlotLine(SlotLine line, PayloadWriter out) {
        out.int32(line.slot());
        out.name(line.role());
        out.text(line.name());
        out.int64(line.pid());
        out.text(line.state());
        out.int64(line.uptimeMillis());
        out.int32(line.restarts());
        out.int64(line.unitsDone());
        out.int64(line.unitsFailed());
        out.int32(line.backlog());
    }

    private static SlotLine readSlotLine(PayloadReader in) throws ProtocolException {
        return new SlotLine(
                in.int32(),
                in.name(ROLES),
                in.text(),
                in.int64(),
                in.text(),
                in.int64(),
                in.int32(),
                in.int64(),
                in.int64(),
                in.int32());
    }
}
