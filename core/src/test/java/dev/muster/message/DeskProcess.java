package dev.muster.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.PipeType;
import dev.muster.Role;
import dev.muster.board.BoardSlot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A web worker without a network as a process of its own, and its handle: it does what is written to it, a line each,
/// and answers with a line.
final class DeskProcess {
    private static final Limits LIMITS = new Limits(64 << 10, 128 << 10, 8, 5_000_000_000L, 0);

    private final Process process;
    private final BufferedReader said;
    private final List<Long> ids = new ArrayList<>();

    private DeskProcess(Process process) {
        this.process = process;
        this.said = process.inputReader(UTF_8);
    }

    /// Starts one that has these connections.
    ///
    /// @param life which process it is; also its slot
    static DeskProcess start(Path directory, int life, int connections) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-Xshare:auto",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DeskProcess.class.getName(),
                        directory.toString(),
                        Integer.toString(life),
                        Integer.toString(connections))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        DeskProcess started = new DeskProcess(process);
        for (String id : started.line().split(" ", -1)) {
            started.ids.add(Long.parseLong(id));
        }
        return started;
    }

    /// Its connections.
    List<Long> ids() {
        return ids;
    }

    /// What its connections have got, in order.
    Map<Long, List<String>> received() throws IOException {
        tell("report");
        Map<Long, List<String>> received = new LinkedHashMap<>();
        for (long id : ids) {
            String line = line();
            received.put(id, line.isEmpty() ? List.of() : List.of(line.split(" ", -1)));
        }
        return received;
    }

    /// Has it depart; the process stays, to be asked what it has got.
    void leave() throws IOException {
        tell("leave");
        assertThat(line()).isEqualTo("left");
    }

    void signal(String name) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    /// Halts it, and waits until all its threads are halted: the signal alone returns before.
    void halt() throws IOException, InterruptedException {
        signal("STOP");
        while (!halted()) {
            Thread.onSpinWait();
        }
    }

    private boolean halted() throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(process.pid()), "task"))) {
            for (Path thread : threads.toList()) {
                String stat = Files.readString(thread.resolve("stat"));
                if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
                    return false;
                }
            }
            return true;
        }
    }

    void awaitEnd() throws InterruptedException {
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    private void tell(String line) throws IOException {
        process.outputWriter(UTF_8).append(line).append('\n').flush();
    }

    private String line() throws IOException {
        return Objects.requireNonNull(said.readLine(), "the process has ended");
    }

    /// Ends it, however it is.
    void end() throws InterruptedException {
        process.destroyForcibly();
        awaitEnd();
    }

    /// `DIRECTORY LIFE CONNECTIONS`
    public static void main(String[] args) throws IOException {
        int life = Integer.parseInt(args[1]);
        MemoryDesk desk = new MemoryDesk(life, life);
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            ids.add(Long.toString(desk.open("/")));
        }
        Post.Manners manners = new Post.Manners(Role.WEB, life, life, false, false, PipeType.NONE, "");
        Post post = new Post(Path.of(args[0]), LIMITS, () -> life, BoardSlot::inMemory, manners);
        post.serve(desk);
        System.out.println(String.join(" ", ids));
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            if (order.equals("leave")) {
                int _ = post.close();
                System.out.println("left");
            } else {
                report(desk);
            }
        }
    }

    private static void report(MemoryDesk desk) {
        for (long id : desk.all()) {
            StringBuilder line = new StringBuilder();
            for (MemoryDesk.Sent sent : desk.sent(id)) {
                line.append(line.isEmpty() ? "" : " ").append(new String(sent.data(), UTF_8));
            }
            System.out.println(line);
        }
    }
}
