package dev.muster.console;

import dev.muster.config.SettingsLoader;
import dev.muster.control.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The applications of this user on this machine, found by their run directories.
///
/// @param environment variables that name directories
record Instances(Map<String, String> environment) {
    static Instances of(Map<String, String> environment) {
        return new Instances(environment);
    }

    /// The application to give an order to. What is named is taken as it is; if nothing is named, the only one that
    /// runs.
    ///
    /// @throws Refusal if nothing is named and none runs, or several do
    Instance running(@Nullable Path runDir, @Nullable String app) {
        Instance named = named(runDir, app);
        if (named != null) {
            return named;
        }
        List<Instance> running = all(Instance::runs);
        if (running.isEmpty()) {
            throw new Refusal(
                    ExitCode.NOT_RUNNING,
                    "no application is running below " + parent()
                            + "; name the directory of another one with --run-dir");
        }
        return only(running, "run");
    }

    /// The application to look at: the only one that runs, else the only one that ever ran.
    ///
    /// @throws Refusal if nothing is named and there is no such one
    Instance known(@Nullable Path runDir, @Nullable String app) {
        Instance named = named(runDir, app);
        if (named != null) {
            return named;
        }
        List<Instance> known = all(Instance::known);
        List<Instance> running = known.stream().filter(Instance::runs).toList();
        if (known.isEmpty()) {
            throw new Refusal(
                    ExitCode.NOT_RUNNING,
                    "no application has run below " + parent() + "; name another directory with --run-dir");
        }
        return only(running.isEmpty() ? known : running, running.isEmpty() ? "have run" : "run");
    }

    private @Nullable Instance named(@Nullable Path runDir, @Nullable String app) {
        if (runDir != null) {
            return new Instance(runDir.toAbsolutePath().normalize());
        }
        String fromEnvironment = environment.getOrDefault("MUSTER_RUN_DIR", "");
        if (!fromEnvironment.isEmpty()) {
            return new Instance(Path.of(fromEnvironment).toAbsolutePath().normalize());
        }
        return app == null ? null : new Instance(runDirOf(app));
    }

    private Instance only(List<Instance> several, String verb) {
        if (several.size() == 1) {
            return several.getFirst();
        }
        throw new Refusal(
                ExitCode.USAGE,
                several.size() + " applications " + verb + " below " + parent() + ": "
                        + several.stream().map(Instance::name).collect(Collectors.joining(", "))
                        + "; choose one with --app NAME");
    }

    private List<Instance> all(Predicate<Instance> wanted) {
        try (Stream<Path> directories = Files.list(parent())) {
            return directories.sorted().map(Instance::new).filter(wanted).toList();
        } catch (IOException _) {
            return List.of();
        }
    }

    private Path parent() {
        return Objects.requireNonNull(runDirOf("any").getParent(), "a run directory has a parent");
    }

    private Path runDirOf(String app) {
        return SettingsLoader.load(app, null, environment, List.of("app.name=" + app))
                .runDir();
    }
}
