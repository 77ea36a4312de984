package dev.muster.console.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.muster.control.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/// Reloads: good ones, broken ones, many at once.
final class Reloads {
    private static final int BURST = 10;
    private static final Duration STOP = Duration.ofSeconds(60);
    private static final Map<String, String> ALL = Map.of("scope", "");

    private Reloads() {}

    static List<Scenario> all() {
        return List.of(
                new Scenario("reload", "48", "a reload under task load", Reloads::underLoad),
                new Scenario("reload-burst", "47", "ten reloads within a second", Reloads::burst),
                new Scenario(
                        "reload-config", "49", "a reload with a broken configuration", Reloads::brokenConfiguration),
                new Scenario(
                        "reload-jar", "49", "the jar is overwritten with garbage; a worker dies", Reloads::brokenJar),
                new Scenario("reload-stop", "51", "a stop during a reload", Reloads::thenStop));
    }

    private static long underLoad(Arena arena) {
        long _ = arena.settle(Waiting.PATIENCE);
        List<String> keys = arena.work().putMany(Workload.HANDS, "note", 100);
        long struck = System.nanoTime();
        String _ = arena.command("reload", ALL);
        long done = System.nanoTime();
        keys.forEach(arena::done);
        for (String key : keys) {
            Unmet.unless(arena.ledger().attempts(key).size() == 1, "the reload cost task " + key + " a second start");
        }
        return done - struck;
    }

    private static long burst(Arena arena) {
        long _ = arena.settle(Waiting.PATIENCE);
        int before = newest(arena);
        long struck = System.nanoTime();
        List<CompletableFuture<Stage.Answer>> answers = new ArrayList<>();
        for (int i = 0; i < BURST; i++) {
            answers.add(Parallel.start("reload", () -> arena.stage().answer("reload", ALL)));
        }
        CompletableFuture<Void> all = CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new));
        long _ = Waiting.untilTrue("the answers to ten reloads", Waiting.PATIENCE.multipliedBy(2), () -> {
            Set<Integer> alive = arena.stage().rows().stream()
                    .flatMap(row -> row.generations().stream())
                    .collect(Collectors.toSet());
            Unmet.unless(alive.size() <= 2, "generations " + alive + " live at the same time");
            return all.isDone();
        });
        long over = System.nanoTime();
        answers.forEach(answer -> Unmet.unless(
                answer.join().done(),
                "a reload ended with " + answer.join().code() + ": "
                        + answer.join().text()));
        // Each answer names its generation. The numbers may have gaps: an undone reload has used one up.
        Set<String> made = answers.stream().map(answer -> answer.join().text()).collect(Collectors.toSet());
        Unmet.unless(made.size() <= 2, "ten reloads at once made more than two generations: " + made);
        Unmet.unless(newest(arena) > before, "ten reloads made no new generation");
        return over - struck;
    }

    private static int newest(Arena arena) {
        return arena.rows(Arena.HANDS).stream().mapToInt(Row::generation).max().orElse(0);
    }

    /// @return from the order to the refusal
    private static long brokenConfiguration(Arena arena) {
        long _ = arena.settle(Waiting.PATIENCE);
        Set<Long> before = pids(arena);
        Path config = arena.stage().config();
        byte[] good = read(config);
        write(config, "there.is.no.such.key: 1\n".getBytes(UTF_8));
        long struck = System.nanoTime();
        Stage.Answer answer;
        try {
            answer = arena.stage().answer("reload", ALL);
        } finally {
            write(config, good);
        }
        long answered = System.nanoTime();
        Unmet.unless(
                answer.code() == ExitCode.CONFIGURATION.number(),
                "the reload ended with " + answer.code() + ", not 78: " + answer.text());
        Unmet.unless(pids(arena).equals(before), "a refused reload has replaced processes");
        return answered - struck;
    }

    /// @return from the kill to the replacement, which runs from what is no more on the disk
    private static long brokenJar(Arena arena) {
        long _ = arena.settle(Waiting.PATIENCE);
        Path jar = arena.stage().jar();
        byte[] good = read(jar);
        write(jar, new byte[good.length / 2]);
        try {
            Stage.Answer answer = arena.stage().answer("reload", ALL);
            Unmet.unless(!answer.done(), "a reload from a jar that is none was done: " + answer.text());
            return Kills.killHolder(arena, Workload.HANDS);
        } finally {
            write(jar, good);
        }
    }

    /// @return from the stop to the end of the master
    private static long thenStop(Arena arena) {
        long _ = arena.settle(Waiting.PATIENCE);
        CompletableFuture<Stage.Answer> reload =
                Parallel.start("reload", () -> arena.stage().answer("reload", ALL));
        long _ = Waiting.untilTrue(
                "the first process of the new code",
                Waiting.PATIENCE,
                () -> reload.isDone()
                        || arena.stage().rows().stream()
                                .anyMatch(row -> row.generations().size() > 1));
        long struck = System.nanoTime();
        int code = arena.stage().stop(STOP);
        long over = System.nanoTime();
        Unmet.unless(code == 0, "the master ended with " + code + " after a stop during a reload");
        Masters.nothingIsLeft(arena);
        arena.stage().start();
        return over - struck;
    }

    private static Set<Long> pids(Arena arena) {
        return arena.stage().rows().stream().map(Row::pid).collect(Collectors.toSet());
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Path _ = Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
