package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The script at the root, in a copied distribution folder, with JDKs that only say how they were called.
@Timeout(30)
class LauncherScriptTest {
    @TempDir
    Path directory;

    private Path home;

    @BeforeEach
    void makeDistribution() throws IOException {
        home = Files.createDirectories(directory.resolve("dist"));
        Files.copy(root().resolve("muster"), home.resolve("muster"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(home.resolve("lib/cli"));
        Files.writeString(home.resolve("lib/core.jar"), "");
        Files.writeString(home.resolve("lib/cli/console.jar"), "");
    }

    @Test
    void takesTheNamedJdkAndHandsArgumentsOnUnchanged() throws Exception {
        Path jdk = jdk("jdk", "25.0.3");

        Result result = run(Map.of("MUSTER_JAVA_HOME", jdk.toString()), "ps", "a b", "");

        assertThat(result.code()).isZero();
        assertThat(result.output().lines())
                .containsSequence("dev.muster.console.Main", "ps", "a b", "")
                .contains(
                        "-Dmuster.home=" + home,
                        home.resolve("lib/core.jar") + ":" + home.resolve("lib/cli/console.jar"));
    }

    @Test
    void refusesANamedJdkOfAnotherVersion() throws Exception {
        Path jdk = jdk("jdk", "17.0.15");

        Result result = run(Map.of("MUSTER_JAVA_HOME", jdk.toString()), "ps");

        assertThat(result.code()).isEqualTo(71);
        assertThat(result.errors()).contains("MUSTER_JAVA_HOME=" + jdk, "not the directory of a JDK 25");
    }

    @Test
    void tellsOtherScriptsWhichJdkItTakes() throws Exception {
        Path jdk = jdk("jdk", "25.0.3");

        Result result = run(Map.of("MUSTER_JAVA_HOME", jdk.toString(), "MUSTER_PRINT_JDK", "1"));

        assertThat(result.code()).isZero();
        assertThat(result.output().strip()).isEqualTo(jdk.toString());
    }

    @Test
    void passesOverOtherVersionsInTheUsualPlaces() throws Exception {
        Path old = jdk("old", "2.5");
        Path older = jdk("older", "250.0.1");
        Path right = jdk("home/.sdkman/candidates/java/25-tem", "25");

        Result result = run(Map.of(
                "JAVA_HOME", old.toString(),
                "JAVA25_HOME", older.toString(),
                "HOME", directory.resolve("home").toString()));

        // the machine may have a JDK 25 of its own in /usr/lib/jvm, which comes first and then runs on empty jars
        assertThat(result.errors()).doesNotContain("found none");
        assertThat(result.output()).doesNotContain(old.toString()).doesNotContain(older.toString());
        assertThat(result.output().contains("called " + right) || Files.isDirectory(Path.of("/usr/lib/jvm")))
                .isTrue();
    }

    @Test
    void keepsOptionsForOtherVirtualMachinesFromItsOwn() throws Exception {
        Path jdk = jdk("jdk", "25.0.3");

        Result result = run(Map.of("MUSTER_JAVA_HOME", jdk.toString(), "JAVA_TOOL_OPTIONS", "-Da=1 -Db='2 3'"), "ps");

        assertThat(result.output().lines())
                .contains("-Dmuster.env.JAVA_TOOL_OPTIONS=-Da=1 -Db='2 3'", "JAVA_TOOL_OPTIONS is unset");
    }

    @Test
    void saysWhatIsMissingInAnIncompleteFolder() throws Exception {
        Files.delete(home.resolve("lib/cli/console.jar"));
        Files.delete(home.resolve("lib/cli"));

        Result result = run(Map.of("MUSTER_JAVA_HOME", jdk("jdk", "25").toString()), "ps");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.errors()).contains("lib/cli is missing");
    }

    private Path jdk(String name, String version) throws IOException {
        Path jdk = Files.createDirectories(directory.resolve(name));
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"Nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        for (String tool : List.of("java", "javac")) {
            Path file = Files.writeString(
                    jdk.resolve("bin").resolve(tool),
                    "#!/bin/sh\necho \"called " + jdk + "\"\nprintf '%s\\n' \"$@\"\n"
                            + "echo \"JAVA_TOOL_OPTIONS is ${JAVA_TOOL_OPTIONS-unset}\"\n");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        return jdk;
    }

    private Result run(Map<String, String> environment, String... arguments) throws Exception {
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        ProcessBuilder builder = new ProcessBuilder(home.resolve("muster").toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().keySet().removeIf(name -> name.contains("JAVA") || name.startsWith("MUSTER"));
        builder.environment().putAll(environment);
        Process process = builder.redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return new Result(
                process.exitValue(),
                Files.readString(output, StandardCharsets.UTF_8),
                Files.readString(errors, StandardCharsets.UTF_8));
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("muster")) ? here : here.getParent();
    }

    private record Result(int code, String output, String errors) {}
}
