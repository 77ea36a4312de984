package dev.muster.console;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Which application a verb is about: a jar, a class path with a main class, or the name of an example.
final class AppOptions {
    @Option(
            names = {"-cp", "--class-path"},
            paramLabel = "PATH",
            description = "Class path of the application; APP is its main class then.")
    private @Nullable String classPath;

    @Parameters(
            index = "0",
            paramLabel = "APP",
            description = "A jar, a main class (with -cp), or the name of an example, such as demo.")
    private String app = "";

    @Parameters(index = "1..*", paramLabel = "ARG", description = "Arguments of the application.")
    private List<String> arguments = new ArrayList<>();

    /// @throws Refusal if there is no such application, or it cannot be run
    Application application() {
        return classPath == null ? Application.named(app) : Application.ofClassPath(classPath, app);
    }

    List<String> arguments() {
        return List.copyOf(arguments);
    }
}
