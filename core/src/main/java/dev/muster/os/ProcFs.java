package dev.muster.os;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What the kernel tells about processes under `/proc`; `proc(5)`.
///
/// **Threads:** any. **Lifetime:** none, every call reads anew. **Failure:** a process that is gone, or that this
/// user may not look at, gives an empty answer. No call waits for the other process to do something, so a stopped
/// one answers too; [#cmdline(long)], [#environment(long, String)] and [#pssBytes(long)] look into its memory and
/// may wait while the kernel itself is stuck in it, [#stat(long)] and [#evidence(long)] do not.
public final class ProcFs {
    private static final int LONGEST_STATUS = 16 << 10;
    private static final int LONGEST_VECTOR = 4 << 20;
    private static final long AT_PAGESZ = 6;
    private static final long USUAL_PAGE = 4096;

    private static final boolean PRESENT = new File("/proc/self/stat").exists();

    private ProcFs() {}

    /// Whether this system has `/proc`. Without it [#stat(long)] and [#cmdline(long)] answer with what the Java
    /// platform knows, and everything else is empty.
    public static boolean present() {
        return PRESENT;
    }

    /// State, parent, times and size of a process, a zombie included.
    public static Optional<ProcStat> stat(long pid) {
        return PRESENT
                ? read("/proc/" + pid + "/stat", ProcStat.LONGEST).map(ProcStat::parse)
                : ProcessHandle.of(pid).map(ProcFs::withoutProc);
    }

    /// Whether there is a process with this pid, a zombie included. Needs no descriptor.
    static boolean exists(long pid) {
        return PRESENT
                ? new File("/proc/" + pid).exists()
                : ProcessHandle.of(pid).isPresent();
    }

    /// Proportional set size: the memory of a process, each shared page divided by the number of those who share
    /// it.
    public static OptionalLong pssBytes(long pid) {
        Optional<String> text = read("/proc/" + pid + "/smaps_rollup", LONGEST_STATUS);
        Optional<String> field = text.flatMap(t -> line(t, "Pss:"));
        return field.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(field.get().replace("kB", "").strip()) << 10);
    }

    /// The command line, or the title that took its place; empty if there is none, and for an instant while the
    /// kernel puts a new program in the place of the one that started it.
    public static List<String> cmdline(long pid) {
        if (!PRESENT) {
            return ProcessHandle.of(pid).map(ProcFs::commandOf).orElse(List.of());
        }
        String text = read("/proc/" + pid + "/cmdline", LONGEST_VECTOR).orElse("");
        List<String> arguments = new ArrayList<>();
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '\0') {
            end--;
        }
        for (int at = 0; at < end; ) {
            int next = text.indexOf('\0', at);
            next = next < 0 || next > end ? end : next;
            arguments.add(text.substring(at, next));
            at = next + 1;
        }
        return List.copyOf(arguments);
    }

    /// A variable of the environment that the process was started with; empty in the same instant.
    public static Optional<String> environment(long pid, String key) {
        String text = read("/proc/" + pid + "/environ", LONGEST_VECTOR).orElse("");
        String wanted = key + "=";
        for (int at = 0; at < text.length(); ) {
            int next = text.indexOf('\0', at);
            next = next < 0 ? text.length() : next;
            if (text.startsWith(wanted, at)) {
                return Optional.of(text.substring(at + wanted.length(), next));
            }
            at = next + 1;
        }
        return Optional.empty();
    }

    /// The soft and the hard value of a row of `/proc/self/limits`; `Long.MAX_VALUE` for none, and where it is
    /// unknown.
    static List<Long> limits(String row) {
        String line = read("/proc/self/limits", LONGEST_STATUS)
                .flatMap(text -> line(text, row))
                .orElse("unlimited unlimited");
        String[] words = line.split(" +", -1);
        return List.of(limit(words[0]), limit(words[1]));
    }

    private static long limit(String word) {
        return word.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(word);
    }

    /// What can be seen of a process from outside, for people who ask why it hangs: state, where it waits in the
    /// kernel, signals, open descriptors, and its threads with the greediest first. At most 16 KiB.
    public static String evidence(long pid) {
        return Evidence.of(pid);
    }

    /// What the Java platform knows of a process: enough to tell it from another one with the same pid, and whose
    /// child it is. Its state is not known, and is said to be sleeping.
    static ProcStat withoutProc(ProcessHandle process) {
        ProcessHandle.Info info = process.info();
        String command = info.command().orElse("?");
        return new ProcStat(
                command.substring(command.lastIndexOf('/') + 1),
                'S',
                process.parent().map(ProcessHandle::pid).orElse(0L),
                0,
                0,
                info.totalCpuDuration().map(Duration::toMillis).orElse(0L) / ProcStat.MILLIS_PER_TICK,
                0,
                info.startInstant().map(Instant::toEpochMilli).orElse(0L) / ProcStat.MILLIS_PER_TICK,
                0);
    }

    private static List<String> commandOf(ProcessHandle process) {
        List<String> words = new ArrayList<>();
        process.info().command().ifPresent(words::add);
        process.info().arguments().ifPresent(arguments -> words.addAll(List.of(arguments)));
        return words;
    }

    /// The size of a page, as the kernel told this program at its start: `AT_PAGESZ` in `getauxval(3)`.
    static long pageSize() {
        try (InputStream in = new FileInputStream("/proc/self/auxv")) {
            ByteBuffer pairs = ByteBuffer.wrap(in.readNBytes(LONGEST_STATUS)).order(ByteOrder.nativeOrder());
            while (pairs.remaining() >= 2 * Long.BYTES) {
                long type = pairs.getLong();
                long value = pairs.getLong();
                if (type == AT_PAGESZ) {
                    return value;
                }
            }
        } catch (IOException _) {
            // The usual size, then.
        }
        return USUAL_PAGE;
    }

    /// The value of a line of `/proc/PID/status`.
    ///
    /// @param process a pid or `self`
    /// @param field its name with the colon
    static Optional<String> statusField(String process, String field) {
        return read("/proc/" + process + "/status", LONGEST_STATUS).flatMap(text -> line(text, field));
    }

    private static Optional<String> line(String text, String start) {
        int at = text.startsWith(start) ? 0 : text.indexOf("\n" + start) + 1;
        if (at == 0 && !text.startsWith(start)) {
            return Optional.empty();
        }
        int end = text.indexOf('\n', at);
        return Optional.of(text.substring(at + start.length(), end < 0 ? text.length() : end)
                .strip());
    }

    /// The beginning of a file; empty if it cannot be read or has nothing in it.
    static Optional<String> read(String path, int longest) {
        try (InputStream in = new FileInputStream(path)) {
            byte[] bytes = in.readNBytes(longest);
            return bytes.length == 0 ? Optional.empty() : Optional.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
