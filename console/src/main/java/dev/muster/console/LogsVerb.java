package dev.muster.console;

import dev.muster.control.ExitCode;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `muster logs`: the last lines of all log files in the order of their times, and what comes after them. Works with
/// the application down too.
@Command(name = "logs", description = "Show the log of all processes, or of one; works with the application down too.")
final class LogsVerb extends Verb {
    private static final long LOOK_MILLIS = 500;

    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on with what is written from now on, over rotations.")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            defaultValue = "100",
            description = "So many of the last entries; default ${DEFAULT-VALUE}, 0 for all.")
    private int lines;

    @Parameters(arity = "0..1", paramLabel = "SLOT", description = "Number or name of a slot; default all.")
    private @Nullable String slot;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (lines < 0) {
            throw usage("--lines " + lines + " must be 0 or more");
        }
        Instance application = instance.known();
        Path directory = application.settings().logDir();
        if (!Files.isDirectory(directory)) {
            throw new Refusal(
                    ExitCode.FAILED, "the log directory " + directory + " does not exist: nothing was logged yet");
        }
        LogFilter filter = new LogFilter(slot == null ? "" : nameOf(application, slot));
        Map<Path, LogTail> tails = new LinkedHashMap<>();
        try (WatchService changes = FileSystems.getDefault().newWatchService()) {
            WatchKey _ = directory.register(
                    changes, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            for (Path file : LogFiles.current(directory)) {
                tails.put(file, LogTail.atEnd(file, filter));
            }
            LogFiles.last(directory, filter, lines, tails).forEach(out()::println);
            while (!out().checkError() && follow) {
                changes(changes);
                for (Path file : LogFiles.current(directory)) {
                    if (!tails.containsKey(file)) {
                        tails.put(file, LogTail.atStart(file, filter));
                    }
                }
                for (LogTail tail : tails.values()) {
                    tail.fresh(out()::println);
                }
            }
        } finally {
            for (LogTail tail : tails.values()) {
                tail.close();
            }
        }
        return ExitCode.DONE.number();
    }

    /// Waits for a change; looks after some time in any case, because the files may lie where the system tells
    /// nobody.
    private static void changes(WatchService changes) throws InterruptedException {
        WatchKey key = changes.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (key != null) {
            var _ = key.pollEvents();
            boolean _ = key.reset();
        }
    }

    /// Lines carry names; a number is looked up in the running application.
    private String nameOf(Instance application, String asked) {
        if (!asked.chars().allMatch(Character::isDigit)) {
            return asked;
        }
        List<Json> rows = Json.array(Control.ask(application, "ps", Map.of(), this::say));
        return rows.stream()
                .filter(row -> row.text("slot").equals(asked))
                .map(row -> row.text("name"))
                .findFirst()
                .orElseThrow(
                        () -> new Refusal(ExitCode.FAILED, "there is no slot " + asked + " in " + application.name()));
    }
}
