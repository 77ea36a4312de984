package dev.muster.examples.demo;

import dev.muster.task.DeadReason;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Writes the messages of the demo in Fend's format, one a line, and beside them what must become of them. The same
/// count and seed give the same files.
///
/// The expectation, in `FILE.expected`, consists of lines `key=number`: `accepted`, `done`, `dead`, `dead.REASON` for
/// each [DeadReason] that occurs, `killers` (messages that hang or end their worker) and `deaths` (how many workers
/// they take with them, if nobody else kills one).
public final class MessageFile {
    /// The fewest messages that have room for every kind.
    public static final int MIN_COUNT = 100;

    private static final int CRASHES_UNTIL_DEAD = 3;
    private static final int LARGE = 2 * 1024 * 1024;
    private static final String MAIL = named("Mail");

    private final Random random;
    private final List<Message> messages = new ArrayList<>();

    private MessageFile(long seed) {
        random = new Random(seed);
    }

    /// A line and what becomes of it.
    ///
    /// @param end why it ends as a dead letter; null if it is done
    /// @param deaths how many workers it costs
    private record Message(String line, @Nullable DeadReason end, int deaths) {}

    /// @param args FILE COUNT SEED
    public static void main(String[] args) throws IOException {
        if (args.length != 3) {
            System.err.println("usage: MessageFile FILE COUNT SEED");
            System.exit(2);
        }
        write(Path.of(args[0]), Integer.parseInt(args[1]), Long.parseLong(args[2]));
    }

    /// Writes both files, replacing older ones.
    ///
    /// @param count how many messages, at least [#MIN_COUNT]
    /// @return the expectation
    /// @throws IllegalArgumentException if there are to be fewer
    public static Map<String, Integer> write(Path file, int count, long seed) throws IOException {
        if (count < MIN_COUNT) {
            throw new IllegalArgumentException("cannot make " + count + " messages: every kind is among them only from "
                    + MIN_COUNT + " messages on");
        }
        MessageFile made = new MessageFile(seed);
        made.fill(count);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Message message : made.messages) {
                out.append(message.line()).append('\n');
            }
        }
        Map<String, Integer> expected = made.expected();
        List<String> lines = new ArrayList<>();
        expected.forEach((key, number) -> lines.add(key + "=" + number));
        Files.write(file.resolveSibling(file.getFileName() + ".expected"), lines);
        return expected;
    }

    private void fill(int count) {
        unreadable();
        unreachable();
        failing();
        killing();
        for (int id = 0; id < count / 100; id++) {
            add(1, null, 0, call("Flaky", "call", "[" + id + "," + (1 + random.nextInt(2)) + "]", "5"));
        }
        while (messages.size() < count) {
            add(1, null, 0, good(messages.size()));
        }
        Collections.shuffle(messages, random);
    }

    private void unreadable() {
        add(2, DeadReason.MALFORMED, 0, "{\"class\":\"" + MAIL + "\",\"method\":\"se");
        add(1, DeadReason.MALFORMED, 0, "hello");
        add(1, DeadReason.MALFORMED, 0, "{'class':'" + MAIL + "'}");
        add(1, DeadReason.MALFORMED, 0, "[1,2,3]");
        add(1, DeadReason.MALFORMED, 0, "42");
        add(1, DeadReason.MALFORMED, 0, "{\"method\":\"send\",\"param\":[]}");
        add(1, DeadReason.MALFORMED, 0, "{\"class\":\"" + MAIL + "\",\"param\":[]}");
        add(1, DeadReason.TOO_LARGE, 0, call("Mail", "send", "[1,\"" + "x".repeat(LARGE) + "\"]", "1"));
    }

    private void unreachable() {
        add(3, DeadReason.UNKNOWN_CLASS, 0, call("Missing", "send", "[]", "3"));
        add(
                2,
                DeadReason.UNKNOWN_CLASS,
                0,
                "{\"class\":\"java.lang.Runtime\",\"method\":\"exec\",\"param\":[\"true\"]}");
        add(5, DeadReason.UNKNOWN_METHOD, 0, call("Mail", "nothing", "[]", "3"));
        add(5, DeadReason.NOT_A_TASK, 0, call("Mail", "secret", "[]", "3"));
        add(2, DeadReason.BAD_PARAMETERS, 0, call("Mail", "send", "[1]", "3"));
        add(2, DeadReason.BAD_PARAMETERS, 0, call("Mail", "send", "[\"one\",\"two\"]", "3"));
        add(2, DeadReason.BAD_PARAMETERS, 0, call("Mail", "send", "[1.5,\"two\"]", "3"));
    }

    private void failing() {
        add(8, DeadReason.RETRIES_SPENT, 0, call("Broken", "hopeless", "[]", "2"));
        add(8, DeadReason.FAILED, 0, call("Broken", "illegal", "[]", "1"));
        add(4, DeadReason.FAILED, 0, call("Broken", "deep", "[]", "1"));
    }

    private void killing() {
        add(4, DeadReason.DEADLINE, 1, call("Killer", "loop", "[]", "1"));
        add(2, DeadReason.DEADLINE, 1, call("Killer", "hang", "[]", "1"));
        add(2, DeadReason.CRASHED, CRASHES_UNTIL_DEAD, call("Killer", "exit", "[]", "1"));
        add(2, DeadReason.CRASHED, CRASHES_UNTIL_DEAD, call("Killer", "halt", "[]", "1"));
        add(2, DeadReason.CRASHED, CRASHES_UNTIL_DEAD, call("Killer", "heap", "[]", "1"));
    }

    /// One that succeeds, in one of the forms in which PHP writes it.
    private String good(int number) {
        int user = random.nextInt(1_000_000);
        String name = "\"user-" + number + "\"";
        return switch (random.nextInt(8)) {
            case 0 -> call("Mail", "send", "[" + user + "," + name + "]", "\"3\"");
            case 1 -> call("Mail", "send", "[" + user + ".0," + name + "]", "3");
            case 2 -> call("Mail", "send", "[" + user + ",\"post\\/" + number + "\"]", "3");
            case 3 -> call("Mail", "send", "{\"0\":" + user + ",\"1\":" + name + "}", "3");
            case 4 -> call("Mail", "send", "{\"name\":" + name + ",\"user\":" + user + "}", "3");
            case 5 -> call("Mail", "digest", "[[" + user + "," + number + "]]", "3");
            case 6 -> "{\"class\":\"" + MAIL + "\",\"method\":\"ping\"}";
            case 7 -> call("Mail", "send", "[" + user + "," + name + "]", "3");
            default -> throw new AssertionError("a number below 8");
        };
    }

    private void add(int times, @Nullable DeadReason end, int deaths, String line) {
        for (int i = 0; i < times; i++) {
            messages.add(new Message(line, end, deaths));
        }
    }

    private static String call(String type, String method, String param, String retry) {
        return "{\"class\":\"" + named(type) + "\",\"method\":\"" + method + "\",\"param\":" + param + ",\"retry\":"
                + retry + "}";
    }

    private static String named(String type) {
        return MessageFile.class.getPackageName() + "." + type;
    }

    private Map<String, Integer> expected() {
        Map<String, Integer> expected = new TreeMap<>();
        for (Message message : messages) {
            expected.merge("accepted", 1, Integer::sum);
            expected.merge(message.end() == null ? "done" : "dead", 1, Integer::sum);
            if (message.end() != null) {
                expected.merge("dead." + message.end(), 1, Integer::sum);
            }
            expected.merge("killers", message.deaths() > 0 ? 1 : 0, Integer::sum);
            expected.merge("deaths", message.deaths(), Integer::sum);
        }
        return expected;
    }
}
