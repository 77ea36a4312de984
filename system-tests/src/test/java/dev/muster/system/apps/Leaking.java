package dev.muster.system.apps;

import dev.muster.Muster;
import dev.muster.ProcessContext;
import dev.muster.UserProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Processes that leave others running, each in another way. What they leave are `sleep`s for as many seconds as
/// [#seconds(long)] says, so that a test finds those of one process without any help of theirs.
public final class Leaking {
    public static void main(String[] args) {
        Muster.run(Leaking.class, args);
    }

    /// For how long the `sleep`s of a process sleep: ten minutes and a fraction that is its pid.
    public static String seconds(long pid) {
        return String.format(Locale.ROOT, "600.%010d", pid);
    }

    /// How many processes of the machine are `sleep`s of this process, in the test.
    public static long sleeping(long pid) {
        String seconds = seconds(pid);
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(words -> words.length == 1 && words[0].equals(seconds))
                        .orElse(false))
                .count();
    }

    /// Its own session; both the leader and a child of it.
    @UserProcess(name = "Session", interval = 50)
    public void session(ProcessContext process) throws IOException {
        start(process, "session", "setsid", "sh", "-c", "sleep $0 & sleep $0; true");
    }

    /// A daemon: its parent has ended, and it has a session of its own.
    @UserProcess(name = "Daemon", interval = 50)
    public void daemon(ProcessContext process) throws IOException {
        start(process, "daemon", "sh", "-c", "(setsid sleep $0 & ) ; sleep $0");
    }

    /// It forgets its environment, but stays in the session that its parent has made.
    @UserProcess(name = "Cleared", interval = 50)
    public void cleared(ProcessContext process) throws IOException {
        start(process, "cleared", "setsid", "sh", "-c", "env -i sleep $0 & sleep $0; true");
    }

    /// It forgets its environment, but stays in the process group.
    @UserProcess(name = "Group", interval = 50)
    public void group(ProcessContext process) throws IOException {
        start(process, "group", "sh", "-c", "(env -i sleep $0 & ) ; env -i sleep $0");
    }

    /// Starts the command once in a life, with the seconds as its last word; leaves when a test tells it to.
    private static void start(ProcessContext process, String ledger, String... command) throws IOException {
        if (Ledger.read(Path.of(""), ledger).stream().noneMatch(entry -> entry.pid() == process.pid())) {
            List<String> words = new ArrayList<>(List.of(command));
            words.add(seconds(process.pid()));
            // It keeps standard output and standard error of this process open.
            Process _ = new ProcessBuilder(words).inheritIO().start();
            Ledger.note(ledger, "started");
        }
        if (Ledger.told(ledger + " leaves")) {
            System.exit(9);
        }
    }
}
