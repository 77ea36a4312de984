package dev.muster.control;

import dev.muster.ExitReason;
import dev.muster.Health;
import dev.muster.Role;
import dev.muster.WorkerFailure;
import dev.muster.control.Message.DeadWorker;
import dev.muster.control.Message.Occasion;
import dev.muster.control.Message.SlotLine;
import dev.muster.control.Message.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Messages of every type with random content.
final class RandomMessages {
    private static final String[] PIECES = {"", "a", "Ticker#1", "é", "任务", "😀", "\u0000", "\n", "\"", "x".repeat(300)
    };

    private final Random random;

    RandomMessages(Random random) {
        this.random = random;
    }

    Message any() {
        return of(one(MessageType.values()));
    }

    Message of(MessageType type) {
        return switch (type) {
            case HELLO -> new Message.Hello(text(), random.nextLong(), text(), text());
            case READY -> new Message.Ready();
            case BYE -> new Message.Bye(one(ExitReason.values()), text(), random.nextBoolean());
            case DUMPED -> new Message.Dumped(random.nextLong(), random.nextBoolean(), text());
            case RECLAIMED -> new Message.Reclaimed(text(), random.nextInt(), random.nextInt());
            case EXITING_RAN -> new Message.ExitingRan(text());
            case ANNOUNCED -> new Message.Announced(random.nextLong());
            case ANNOUNCE -> new Message.Announce(random.nextLong(), one(Occasion.values()));
            case ANNOUNCE_FAILURE -> new Message.AnnounceFailure(random.nextLong(), failure());
            case STOP_SLOT -> new Message.StopSlot(random.nextInt());
            case SHUTDOWN -> new Message.Shutdown();
            case STATS_REQUEST -> new Message.StatsRequest(random.nextLong());
            case EXTEND -> new Message.Extend(random.nextLong(), text());
            case RETIRING -> new Message.Retiring(text());
            case STALLED -> new Message.Stalled(text());
            case RELEASED -> new Message.Released();
            case OUTAGE -> new Message.Outage(text());
            case WELCOME ->
                new Message.Welcome(
                        random.nextInt(),
                        random.nextInt(),
                        random.nextInt(),
                        random.nextBoolean(),
                        one(Role.values()),
                        text(),
                        map(),
                        map(),
                        list(this::map),
                        list(this::text),
                        list(this::dead));
            case STOP -> new Message.Stop();
            case TOOK_UP -> new Message.TookUp();
            case QUIETED -> new Message.Quieted();
            case ORDER_RELOAD -> new Message.OrderReload(text());
            case CHECKED ->
                new Message.Checked(
                        text(),
                        text(),
                        map(),
                        list(this::map),
                        list(this::map),
                        list(this::map),
                        list(this::text),
                        list(this::text));
            case ACTIVATE -> new Message.Activate(random.nextInt(), text());
            case PAUSE -> new Message.Pause();
            case KEEP_TIME -> new Message.KeepTime(list(this::map));
            case DUMP -> new Message.Dump(random.nextLong(), text());
            case RECLAIM -> new Message.Reclaim(dead());
            case RUN_EXITING -> new Message.RunExiting(text(), one(ExitReason.values()), text(), random.nextBoolean());
            case STATS_REPLY ->
                new Message.StatsReply(random.nextLong(), random.nextLong(), health(), list(this::line));
            case COMMAND -> new Message.Command(random.nextInt(), text(), map());
            case PROGRESS -> new Message.Progress(text());
            case REPLY -> new Message.Reply(random.nextInt(), text());
        };
    }

    DeadWorker dead() {
        return new DeadWorker(
                text(), text(), one(Verdict.values()), text(), list(this::text), random.nextBoolean(), text(), text());
    }

    private WorkerFailure failure() {
        return new WorkerFailure(
                random.nextInt(),
                one(Role.values()),
                text(),
                random.nextLong(),
                one(ExitReason.values()),
                random.nextInt(),
                random.nextInt());
    }

    private Health health() {
        return new Health(
                one(Health.Status.values()), text(), random.nextBoolean(), random.nextBoolean(), random.nextInt());
    }

    private SlotLine line() {
        return new SlotLine(
                random.nextInt(),
                one(Role.values()),
                text(),
                random.nextLong(),
                text(),
                random.nextLong(),
                random.nextInt(),
                random.nextLong(),
                random.nextLong(),
                random.nextInt());
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(one(PIECES));
        }
        return text.toString();
    }

    private Map<String, String> map() {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            map.put(text(), text());
        }
        return map;
    }

    private <T> List<T> list(Supplier<T> element) {
        return Stream.generate(element).limit(random.nextInt(5)).toList();
    }

    private <T> T one(T[] values) {
        return values[random.nextInt(values.length)];
    }
}
