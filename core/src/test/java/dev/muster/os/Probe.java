package dev.muster.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The main class of the virtual machines that tests of this package start: one small act each, told on standard
/// output.
final class Probe {
    private static final Path SH = Path.of("/bin/sh");
    private static final Path ROOT = Path.of("/");

    private Probe() {}

    public static void main(String[] arguments) throws Exception {
        String[] rest = Arrays.copyOfRange(arguments, 1, arguments.length);
        switch (arguments[0]) {
            case "spawn" -> spawn(rest[0], SpawnRequest.NO_INPUT, 1, 2);
            case "spawnReading" -> spawn(rest[0], 0, 1, 2);
            case "spawnSwapped" -> spawn(rest[0], SpawnRequest.NO_INPUT, 2, 1);
            case "ignored" -> say(Signals.ignored("HUP") + " " + Signals.ignored("SIGTERM"));
            case "exit" -> exit(Integer.parseInt(rest[0]));
            case "master" -> master();
            case "dieWith" -> dieWith(Long.parseLong(rest[0]));
            case "title" -> title(rest);
            case "longTitle" -> title("x".repeat(Integer.parseInt(rest[0])));
            case "exec" -> exec(Path.of(rest[0]), rest[1]);
            case "lock" -> lock(Path.of(rest[0]));
            case "futex" -> futex(Path.of(rest[0]));
            case "affinity" -> affinity(Integer.parseInt(rest[0]));
            case "natives" -> natives();
            case "priority" -> priority(Integer.parseInt(rest[0]));
            case "subreaper" -> subreaper();
            case "openFiles" -> openFiles(Integer.parseInt(rest[0]));
            case "oomScore" -> oomScore();
            case "lowestPriority" -> say(Integer.toString(Priority.lowest()));
            case "collect" -> collect();
            case "compute" -> compute();
            case "accept" -> accept();
            case "listen" -> listen();
            case "hold" -> hold(Integer.parseInt(rest[0]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void spawn(String script, int stdin, int stdout, int stderr) {
        Map<String, String> environment = Map.of("PATH", "/bin:/usr/bin");
        int pid = Spawner.spawn(
                new SpawnRequest(SH, List.of("sh", "-c", script), environment, ROOT, stdin, stdout, stderr, false));
        while (Wait.tryReap(pid).isEmpty()) {
            awaitEnd(pid);
        }
    }

    private static void natives() {
        Natives.prepareMaster();
        say("[" + Natives.degraded() + "]");
    }

    private static void awaitEnd(int pid) {
        try (Pidfd pidfd = Pidfd.open(pid);
                Poller poller = new Poller()) {
            poller.add(pidfd.fd(), Poller.IN, 0);
            int _ = poller.poll(Duration.ofSeconds(20), (_, _) -> {});
        }
    }

    private static void exit(int code) throws InterruptedException {
        Exit.prepare();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> say("hook")));
        Signals.handle("USR1", () -> {
            Exit.now(code);
            say("still here");
        });
        say("ready");
        Thread.currentThread().join();
    }

    private static void master() throws InterruptedException {
        int pid = Spawner.spawn(new SpawnRequest(
                Child.java(),
                Child.probe("dieWith", Long.toString(ProcessHandle.current().pid())),
                Child.environment(),
                ROOT,
                1,
                2,
                false));
        say("spawned " + pid);
        Thread.currentThread().join();
    }

    private static void dieWith(long master) throws InterruptedException {
        say("tied " + ParentDeath.dieWith(master));
        Thread.currentThread().join();
    }

    private static void title(String... titles) throws InterruptedException {
        for (String title : titles) {
            boolean set = ProcessTitle.set(title);
            say("set " + set);
        }
        Thread.currentThread().join();
    }

    @SuppressWarnings("resource") // left open on purpose: the other program must not have it
    private static void exec(Path program, String script) throws IOException {
        FileChannel _ = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.READ);
        say(Long.toString(ProcessHandle.current().pid()));
        block(Signals.HUP, true);
        try {
            Exec.replace(program, List.of("sh", "-c", script), Map.of("PATH", "/bin:/usr/bin", "WORD", "from exec"));
        } catch (NativeException e) {
            say(e.toString());
        }
    }

    /// Blocks or unblocks a signal for the calling thread.
    static void block(int signal, boolean blocked) {
        try (Arena memory = Arena.ofConfined()) {
            MethodHandle sigmask = Native.plain(
                    "pthread_sigmask", FunctionDescriptor.of(Native.INT, Native.INT, Native.POINTER, Native.POINTER));
            MemorySegment set = memory.allocate(Spawner.SIGNAL_SET_SIZE, Long.BYTES);
            set.set(Native.LONG, 0, 1L << (signal - 1));
            if ((int) sigmask.invokeExact(blocked ? 0 : 1, set, MemorySegment.NULL) != 0) {
                throw new IllegalStateException("pthread_sigmask");
            }
        } catch (Throwable t) {
            throw Native.unexpected(t);
        }
    }

    private static void lock(Path file) throws InterruptedException {
        try (RunLock _ = RunLock.tryAcquire(file).orElseThrow()) {
            say("locked");
            Thread.currentThread().join();
        }
    }

    private static void futex(Path file) throws IOException {
        MemorySegment shared = map(file);
        say("ready");
        while ((int) ValueLayout.JAVA_INT.varHandle().getAcquire(shared, 4L) == 0) {
            boolean _ = Futex.await(shared, 4, 0, Duration.ofSeconds(60));
        }
        say("woken");
    }

    static MemorySegment map(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, 4096, Arena.global());
        }
    }

    private static void affinity(int cpu) throws IOException {
        Affinity.set(cpu);
        say(String.join(" ", eachThread("Cpus_allowed_list:")));
    }

    private static void priority(int nice) throws IOException {
        Priority.set(nice);
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            say(tasks.map(task -> ProcFs.read(task + "/stat", ProcStat.LONGEST).orElseThrow())
                    .map(line -> ProcStat.field(line, 19))
                    .distinct()
                    .toList()
                    .toString());
        }
    }

    private static List<String> eachThread(String field) throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.flatMap(task ->
                            ProcFs.read(task + "/status", 1 << 16).orElseThrow().lines())
                    .filter(line -> line.startsWith(field))
                    .map(line -> line.substring(field.length()).strip())
                    .distinct()
                    .toList();
        }
    }

    /// Leaves the collector no pause.
    private static void collect() {
        say("collecting");
        Object[] living = new Object[100_000];
        for (int i = 0; ; i = (i + 1) % living.length) {
            living[i] = new long[8];
            if (i == 0) {
                System.gc();
            }
        }
    }

    private static volatile long computed;

    @SuppressWarnings("NonAtomicVolatileUpdate")
    private static void compute() {
        say("computing");
        while (computed >= 0) {
            computed++;
        }
    }

    private static void hold(int mebibytes) throws InterruptedException {
        byte[][] held = new byte[mebibytes][1 << 20];
        for (byte[] one : held) {
            Arrays.fill(one, (byte) 1);
        }
        say("holding");
        try {
            Thread.currentThread().join();
        } finally {
            Reference.reachabilityFence(held);
        }
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /// The shell ends before what it has started in a session of its own.
    private static void subreaper() {
        Subreaper.become();
        say(Wait.anyEnded() ? "one ended" : "none ended");
        String script = "setsid sh -c 'while kill -0 '$$' 2>/dev/null; do sleep 0.05; done; exit 5' &";
        Map<String, String> environment = Map.of("PATH", "/bin:/usr/bin");
        int pid = Spawner.spawn(new SpawnRequest(SH, List.of("sh", "-c", script), environment, ROOT, 1, 2, false));
        while (Wait.tryReap(pid).isEmpty()) {
            awaitEnd(pid);
        }
        int orphan = ProcessTable.ownChildren().iterator().next();
        awaitEnd(orphan);
        if (Wait.anyEnded()) {
            say("an orphan came, ended, and was collected with "
                    + Wait.tryReap(orphan).orElseThrow());
        }
    }

    /// Answers whoever connects to the socket that it was handed with its pid.
    private static void accept() throws IOException {
        ServerSocketChannel listening = (ServerSocketChannel) System.inheritedChannel();
        say("accepts on " + listening.getLocalAddress());
        while (true) {
            try (SocketChannel connection = listening.accept()) {
                int _ = connection.write(
                        ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
            }
        }
    }

    /// Takes a port and keeps it.
    private static void listen() throws IOException, InterruptedException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            say(Integer.toString(taken.getLocalPort()));
            Thread.currentThread().join();
        }
    }

    private static void openFiles(int files) {
        OpenFiles.limit(files);
        boolean mayRaise = OpenFiles.most() > files;
        say(OpenFiles.limits() + " of which at most " + (mayRaise ? files : OpenFiles.most()));
        spawn("ulimit -n", SpawnRequest.NO_INPUT, 1, 2);
    }

    private static void oomScore() throws IOException {
        say(Files.readString(Path.of("/proc/self/oom_score_adj")).strip());
        say(Integer.toString(OomScore.raise(300)));
        say(Integer.toString(OomScore.raise(5000)));
    }
}
