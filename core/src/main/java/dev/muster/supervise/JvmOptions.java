package dev.muster.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// The options of a child's virtual machine: those that make it small and quick to start, without the ones that
/// contradict what `jvm.ROLE` says. The virtual machine lets the last of two values win, but refuses to start with two
/// collectors, or with a heap that begins larger than it may become.
///
/// **Threads:** any. **Lifetime:** none.
final class JvmOptions {
    static final long DEFAULT_MAX_HEAP = 256L << 20;
    static final long DEFAULT_INITIAL_HEAP = 8L << 20;
    static final long DEFAULT_YOUNG = 4L << 20;

    private static final List<String> DEFAULTS = List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xms8m",
            "-Xmn4m",
            "-Xmx256m",
            "-XX:ReservedCodeCacheSize=32m",
            // It grows when it must; as large as the virtual machine makes it, it takes half a megabyte.
            "-XX:StringTableSize=4096",
            // The cache stays where it was made for: moved, nearly all of its pages would be private to each process.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            // The virtual machine wakes up for its monitors every two seconds, not four times a second.
            "-XX:AsyncDeflationInterval=2000",
            "-XX:-UsePerfData",
            // A hung loop must be able to reach a safepoint, or it cannot be dumped.
            "-XX:+UseCountedLoopSafepoints",
            "-XX:LoopStripMiningIter=1",
            // Without it an exhausted heap leaves the process alive and crippled.
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:+DisplayVMOutputToStderr",
            "-Xlog:disable",
            "-Xlog:all=warning,aot=off,cds=off:stderr");

    private static final Pattern COLLECTOR = Pattern.compile("-XX:\\+Use(Serial|G1|Parallel|Z|Shenandoah|Epsilon)GC");
    private static final Pattern SIZED_BY_MEMORY =
            Pattern.compile("-XX:(MaxRAM|MaxRAMPercentage|MaxRAMFraction|MinRAMPercentage|MinRAMFraction|"
                    + "InitialRAMPercentage|InitialRAMFraction)=.*");
    private static final Pattern SIZED = Pattern.compile("-Xm[xs].*|-XX:(MaxHeapSize|InitialHeapSize)=.*");
    /// Netty, which serves the requests, uses `sun.misc.Unsafe` only where it is allowed. Without it Netty links
    /// calls of the C library at each start, which costs a web worker 50 ms, and allocates more.
    private static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";

    /// Methods are compiled when they have run three times as often as the virtual machine would wait for. A web
    /// worker runs most of what it needs to boot less often than that; compiling it took a fifth of the processor
    /// time of the boot, and the code that answers requests is past these numbers within its first second under
    /// load.
    private static final List<String> PATIENT = List.of(
            "-XX:Tier3InvocationThreshold=600",
            "-XX:Tier3MinInvocationThreshold=300",
            "-XX:Tier3CompileThreshold=6000",
            "-XX:Tier4InvocationThreshold=15000",
            "-XX:Tier4MinInvocationThreshold=5000",
            "-XX:Tier4CompileThreshold=45000",
            "-XX:Tier4BackEdgeThreshold=120000");

    private static final String BUSY_CODE = "-XX:ReservedCodeCacheSize=64m";
    private static final long BUSY_LEAST_HEAP = 64L << 20;
    private static final Pattern YOUNG =
            Pattern.compile("-Xmn.*|-XX:(NewSize|MaxNewSize|NewRatio|SurvivorRatio|G1.*NewSizePercent)=.*");
    private static final Pattern COMPILER = Pattern.compile(
            "-Xint|-Xcomp|-XX:[+-]TieredCompilation|-XX:(TieredStopAtLevel|CompilationMode|Tier\\d\\w+|CompileThreshold\\w*)=.*");
    private static final Pattern CODE_CACHE =
            Pattern.compile("-XX:(\\w*CodeHeapSize|\\w*CodeCacheSize|\\w*CodeCache)=.*|-XX:[+-]SegmentedCodeCache");
    private static final Pattern SAFEPOINTS =
            Pattern.compile("-XX:[+-]UseCountedLoopSafepoints|-XX:LoopStripMiningIter=.*");

    private JvmOptions() {}

    /// The defaults of a process that works without a pause, as a web worker does: code that runs a million times
    /// pays for being compiled well, and the young generation has room for what many requests leave behind. Where
    /// the heap is sized by somebody else, its defaults are those of all.
    ///
    /// @param own the options of `jvm.ROLE`
    /// @param heap what the largest heap was set to otherwise, 0 if it was not
    static List<String> busy(List<String> own, long heap) {
        List<String> kept = defaults(own);
        drop(kept, "-XX:TieredStopAtLevel=1");
        if (!any(own, COMPILER)) {
            kept.addAll(PATIENT);
        }
        kept.replaceAll(option -> option.equals("-XX:ReservedCodeCacheSize=32m") ? BUSY_CODE : option);
        if (own.stream().noneMatch(option -> option.startsWith("--sun-misc-unsafe-memory-access"))) {
            kept.add(UNSAFE);
        }
        boolean sized = any(own, SIZED) || any(own, SIZED_BY_MEMORY) || any(own, YOUNG) || any(own, COLLECTOR);
        if (!sized && (heap == 0 || heap >= BUSY_LEAST_HEAP)) {
            kept.replaceAll(option -> switch (option) {
                case "-Xms8m" -> "-Xms32m";
                case "-Xmn4m" -> "-Xmn16m";
                default -> option;
            });
        }
        return kept;
    }

    /// @param own the options of `jvm.ROLE`
    /// @return the defaults that go with them; to stand before them
    static List<String> defaults(List<String> own) {
        List<String> kept = new ArrayList<>(DEFAULTS);
        if (any(own, COLLECTOR)) {
            // A young generation of fixed size is right for the serial collector only.
            drop(kept, "-XX:+UseSerialGC", "-Xmn4m");
        }
        if (any(own, YOUNG)) {
            // A young generation must be smaller than the heap is at its beginning.
            drop(kept, "-Xmn4m", "-Xms8m");
        }
        if (any(own, COMPILER)) {
            drop(kept, "-XX:TieredStopAtLevel=1");
        }
        if (any(own, CODE_CACHE)) {
            drop(kept, "-XX:ReservedCodeCacheSize=32m");
        }
        if (any(own, SAFEPOINTS)) {
            drop(kept, "-XX:+UseCountedLoopSafepoints", "-XX:LoopStripMiningIter=1");
        }
        heap(own, kept);
        return kept;
    }

    private static void heap(List<String> own, List<String> kept) {
        OptionalLong most = size(own, "-Xmx", "-XX:MaxHeapSize=");
        OptionalLong first = size(own, "-Xms", "-XX:InitialHeapSize=");
        if (any(own, SIZED_BY_MEMORY)) {
            drop(kept, "-Xms8m", "-Xmn4m", "-Xmx256m");
        }
        if (most.isPresent() && most.getAsLong() < DEFAULT_INITIAL_HEAP) {
            drop(kept, "-Xms8m");
        }
        if (most.isPresent() && most.getAsLong() <= 2 * DEFAULT_YOUNG
                || first.isPresent() && first.getAsLong() <= DEFAULT_YOUNG) {
            drop(kept, "-Xmn4m");
        }
        if (most.isEmpty() && first.isPresent() && first.getAsLong() > DEFAULT_MAX_HEAP && kept.contains("-Xmx256m")) {
            kept.set(kept.indexOf("-Xmx256m"), "-Xmx" + first.getAsLong());
        }
    }

    private static boolean any(List<String> own, Pattern pattern) {
        return own.stream().anyMatch(option -> pattern.matcher(option).matches());
    }

    private static void drop(List<String> kept, String... options) {
        Predicate<String> dropped = List.of(options)::contains;
        kept.removeIf(dropped);
    }

    /// The last value of an option in one of its two spellings, in bytes.
    static OptionalLong size(List<String> own, String brief, String whole) {
        OptionalLong size = OptionalLong.empty();
        for (String option : own) {
            String prefix = option.startsWith(whole) ? whole : brief;
            if (option.startsWith(prefix)) {
                OptionalLong one = bytes(option.substring(prefix.length()));
                size = one.isPresent() ? one : size;
            }
        }
        return size;
    }

    /// A size as the virtual machine writes it; empty if it is none, which the virtual machine says itself.
    private static OptionalLong bytes(String text) {
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        int unit = "kmgt".indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
        String digits = unit < 0 ? text : text.substring(0, text.length() - 1);
        try {
            return OptionalLong.of(Math.multiplyExact(Long.parseLong(digits), 1L << 10 * (unit + 1)));
        } catch (NumberFormatException | ArithmeticException _) {
            return OptionalLong.empty();
        }
    }
}
