package dev.muster.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.channels.FileChannel;
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
            case "spawn" -> spawn(rest[0], 1, 2);
            case "spawnSwapped" -> spawn(rest[0], 2, 1);
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
            case "priority" -> priority(Integer.parseInt(rest[0]));
            case "collect" -> collect();
            case "compute" -> compute();
            case "hold" -> hold(Integer.parseInt(rest[0]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static void spawn(String script, int stdout, int stderr) {
        Map<String, String> environment = Map.of("PATH", "/bin:/usr/bin");
        int pid = Spawner.spawn(
                new SpawnRequest(SH, List.of("sh", "-c", script), environment, ROOT, stdout, stderr, false));
        while (Wait.tryReap(pid).isEmpty()) {
            awaitEnd(pid);
        }
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
}
