package dev.muster.supervise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The caches that let children start quickly: one for each combination of class path, JDK and options. Where there is
/// none, the first process of each declaration writes down which classes it loads, which costs it nothing that could be
/// measured; when no more are loaded for a while, [CacheMaker] makes a cache of that in the background, and the
/// next processes start with it.
///
/// **Threads:** [#options] from the one that spawns; one of its own makes the caches. **Lifetime:** the master's.
/// **Failure:** without a cache processes start more slowly, no more. A file that is gone or changed is not used.
final class JvmCaches implements AutoCloseable {
    /// Lists for one cache, so that a process that dies again and again fills no disk.
    private static final int MOST_LISTS = 40;

    private static final int ROUNDS_OF_PATIENCE = 10;
    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(2);

    /// One cache that is wanted. **Threads:** under the lock of the caches, but for what is final.
    private static final class Wanted {
        final CacheRecipe recipe;
        final long since = System.nanoTime();
        final Set<String> roles = new TreeSet<>();
        final List<Path> lists = new ArrayList<>();

        @Nullable
        Path archive;

        @Nullable
        FileTime modified;

        boolean settled;

        Wanted(CacheRecipe recipe) {
            this.recipe = recipe;
        }
    }

    private final Path listing;
    private final boolean enabled;
    private final long delayNanos;
    private final BiConsumer<String, String> log;
    private final CacheFiles files;
    private final CacheMaker maker;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, Wanted> wanted = new LinkedHashMap<>();
    private final Set<String> said = new HashSet<>();
    private final Thread thread;

    /// @param directory of the caches, may be shared with other masters
    /// @param listing a directory of this master alone, for what is not needed after it
    /// @param delay how long no class must have been loaded
    /// @param log takes a level and a line
    JvmCaches(
            boolean enabled,
            Path directory,
            Path listing,
            Duration delay,
            Path java,
            Map<String, String> environment,
            BiConsumer<String, String> log) {
        this.enabled = enabled;
        this.listing = listing;
        this.log = log;
        delayNanos = delay.toNanos();
        files = new CacheFiles(directory);
        maker = new CacheMaker(files, java, environment, closed);
        thread = Thread.ofPlatform().name("caches").daemon().unstarted(this::run);
    }

    /// Tidies up what a dead master left and begins to work.
    void start() {
        removeLists();
        if (enabled) {
            thread.start();
        }
    }

    /// What to add to the options of a process that is started now: to use its cache, to record, or nothing.
    ///
    /// @param vm its other options
    /// @param variables the options that its environment holds
    synchronized List<String> options(
            Snapshot snapshot, Roster.Place place, int life, List<String> vm, String variables) {
        String role = place.spec().role().word();
        if (!enabled) {
            return List.of();
        }
        Optional<String> impossible = CacheRecipe.impossible(snapshot, vm);
        if (impossible.isPresent()) {
            if (said.add(role + impossible.get())) {
                log.accept("INFO", role + " processes start without a cache: " + impossible.get());
            }
            return List.of();
        }
        CacheRecipe recipe = CacheRecipe.of(snapshot, vm, variables);
        Wanted one = wanted.computeIfAbsent(recipe.key(), _ -> wanted(recipe));
        one.roles.add(role);
        if (one.archive != null && usable(one)) {
            return List.of("-XX:SharedArchiveFile=" + one.archive);
        }
        return one.settled || place.instance() != 0 || one.lists.size() >= MOST_LISTS
                ? List.of()
                : record(one, place.spec().slot(), life);
    }

    private Wanted wanted(CacheRecipe recipe) {
        Wanted one = new Wanted(recipe);
        files.find(recipe.key()).ifPresent(archive -> use(one, archive));
        return one;
    }

    private static void use(Wanted one, Path archive) {
        try {
            one.modified = Files.getLastModifiedTime(archive);
            one.archive = archive;
            one.settled = true;
        } catch (IOException _) {
            // It is gone again: there is none.
        }
    }

    /// A file that was touched may be another one by now; it is looked at again in whole.
    private boolean usable(Wanted one) {
        try {
            if (one.archive != null && Files.getLastModifiedTime(one.archive).equals(one.modified)) {
                return true;
            }
        } catch (IOException _) {
            // It is gone: below.
        }
        one.archive = null;
        one.settled = false;
        files.find(one.recipe.key()).ifPresent(archive -> use(one, archive));
        return one.archive != null;
    }

    private List<String> record(Wanted one, int slot, int life) {
        try {
            Files.createDirectories(listing);
            Path list = listing.resolve(slot + "-" + life + "-" + one.lists.size() + ".lst");
            one.lists.add(list);
            return List.of("-XX:DumpLoadedClassList=" + list);
        } catch (IOException _) {
            return List.of();
        }
    }

    private void run() {
        long pause = Math.clamp(delayNanos / 10, TimeUnit.MILLISECONDS.toNanos(20), TimeUnit.SECONDS.toNanos(5));
        try {
            while (!closed.await(pause, TimeUnit.NANOSECONDS)) {
                for (Wanted one : ripe()) {
                    make(one);
                }
            }
        } catch (InterruptedException _) {
            // Nobody interrupts it; the makers die with it.
        }
    }

    /// Those whose processes have stopped loading classes, or load them for ever.
    private synchronized List<Wanted> ripe() {
        List<Wanted> ripe = new ArrayList<>();
        long now = System.nanoTime();
        for (Wanted one : wanted.values()) {
            if (!one.settled && !one.lists.isEmpty() && now - one.since > delayNanos) {
                boolean longAgo = now - one.since > ROUNDS_OF_PATIENCE * delayNanos;
                if (longAgo || quiet(one.lists)) {
                    ripe.add(one);
                }
            }
        }
        return ripe;
    }

    private boolean quiet(List<Path> lists) {
        long newest = 0;
        for (Path list : lists) {
            try {
                newest = Math.max(newest, Files.getLastModifiedTime(list).toMillis());
            } catch (IOException _) {
                // Not begun yet.
            }
        }
        return newest != 0 && System.currentTimeMillis() - newest > TimeUnit.NANOSECONDS.toMillis(delayNanos);
    }

    private void make(Wanted one) {
        List<Path> lists;
        synchronized (this) {
            lists = one.lists.stream().filter(Files::isReadable).toList();
        }
        long begin = System.nanoTime();
        @Nullable Path archive = null;
        String failure = "";
        try {
            Optional<Path> made = maker.make(one.recipe, lists);
            if (made.isEmpty()) {
                return;
            }
            archive = made.get();
        } catch (IOException | RuntimeException e) {
            failure = String.valueOf(e.getMessage());
        }
        if (closed.getCount() > 0) {
            settle(one, archive, failure, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
        }
    }

    private synchronized void settle(Wanted one, @Nullable Path archive, String failure, long millis) {
        if (archive != null) {
            use(one, archive);
            log.accept(
                    "INFO",
                    "made a cache for quick starts of " + String.join(", ", one.roles) + " in " + millis + " ms: "
                            + archive);
        } else {
            one.settled = true;
            log.accept(
                    "WARN",
                    "no cache for quick starts of " + String.join(", ", one.roles) + " (" + failure
                            + "); they start as before, and the next start of the application tries again");
        }
        for (Path list : one.lists) {
            delete(list);
        }
        one.lists.clear();
    }

    private void removeLists() {
        try (Stream<Path> lists = Files.list(listing)) {
            lists.toList().forEach(JvmCaches::delete);
        } catch (NoSuchFileException _) {
            return;
        } catch (IOException _) {
            // They cost room only.
        }
        delete(listing);
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException _) {
            // It costs room only.
        }
    }

    /// Ends a maker that is at work. Call it after the last child has ended.
    @Override
    public void close() {
        closed.countDown();
        try {
            if (thread.isAlive()) {
                boolean _ = thread.join(LONGEST_LEAVE);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        removeLists();
    }
}
