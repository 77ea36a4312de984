package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class MasterCommandTest {
    @TempDir
    Path home;

    private Distribution distribution;

    @BeforeEach
    void makeDistribution() throws IOException {
        for (String file : List.of("lib/core.jar", "lib/b.jar", "lib/logging/log.jar", "lib/cli/console.jar")) {
            Files.createDirectories(home.resolve(file).getParent());
            Files.writeString(home.resolve(file), "");
        }
        distribution = new Distribution(home);
    }

    @Test
    void musterThenTheApplicationThenTheLogBackEnd() throws IOException {
        List<String> argv =
                command(application("app", false), MasterCommand.Caches.NONE).argv();

        int classPath = argv.indexOf("-cp");
        assertThat(argv.get(classPath + 1))
                .isEqualTo(String.join(
                        ":",
                        home + "/lib/b.jar",
                        home + "/lib/core.jar",
                        home + "/app",
                        home + "/lib/logging/log.jar"));
        assertThat(argv.subList(classPath + 2, argv.size())).containsExactly("a.App", "--flag", "x y");
    }

    @Test
    void noLogBackEndBesideThatOfTheApplication() throws IOException {
        Application application = application("app", false);
        Path services = Files.createDirectories(application.code().resolve("META-INF/services"));
        Files.writeString(services.resolve("org.slf4j.spi.SLF4JServiceProvider"), "a.Provider");

        assertThat(command(application, MasterCommand.Caches.NONE).argv())
                .noneMatch(argument -> argument.contains("log.jar"));
    }

    @Test
    void theConfigurationTravelsInOrder() throws IOException {
        MasterCommand command = command(application("app", false), MasterCommand.Caches.NONE);

        assertThat(command.argv())
                .containsSubsequence("-Xmx64m", "-Dfrom=options", "-Dmuster.home=" + home, "-Dmuster.config=")
                .containsSubsequence("-Dmuster.set.0=jvm.master=-Dfrom=options", "-Dmuster.set.1=data.dir=/data");
        assertThat(command.environment()).doesNotContainKey("MUSTER_DATA_DIR");
    }

    @Test
    void inlineIsAnOrdinaryJvmWithTheSameApplication() throws IOException {
        MasterCommand master = command(application("app", false), MasterCommand.Caches.NONE);
        Settings settings = SettingsLoader.load("App", null, Map.of(), List.of("jvm.master=-Dfrom=options"));

        List<String> argv = master.inline(settings).argv();

        assertThat(argv)
                .containsSubsequence("-Dfrom=options", "-Dmuster.inline=true", "-Dmuster.home=" + home, "-cp", "a.App")
                .noneMatch(argument -> argument.startsWith("-Xm") || argument.contains("OnOutOfMemory"));
        assertThat(Collections.frequency(argv, "-Dfrom=options")).isEqualTo(1);
    }

    @Test
    void cachesAreForTheDemoAndOnlyThoseThatAreMade() throws IOException {
        Files.createDirectories(home.resolve("aot"));
        Files.writeString(home.resolve("aot/master.aot"), "");
        Files.writeString(home.resolve("aot/pool.aot"), "");
        Application demo = application("examples/demo.jar", true);

        MasterCommand command = command(demo, MasterCommand.Caches.of(distribution, demo));

        assertThat(command.argv())
                .contains(
                        "-XX:AOTCache=" + home + "/aot/master.aot",
                        "-Dmuster.aot.pool=" + home + "/aot/pool.aot",
                        "-Dmuster.aot.task=" + home + "/aot/pool.aot")
                .noneMatch(argument -> argument.startsWith("-Dmuster.aot.user"));
        assertThat(command.environment()).containsEntry("MUSTER_DATA_DIR", "/data");
        assertThat(MasterCommand.Caches.of(distribution, application("app", false)))
                .isEqualTo(MasterCommand.Caches.NONE);
        assertThat(MasterCommand.Caches.of(distribution, application("examples/other.jar", true)))
                .isEqualTo(MasterCommand.Caches.NONE);
    }

    private MasterCommand command(Application application, MasterCommand.Caches caches) {
        List<String> sets = List.of("jvm.master=-Dfrom=options", "data.dir=/data");
        Settings settings = SettingsLoader.load("App", null, Map.of(), sets);
        return MasterCommand.of(
                distribution, application, List.of("--flag", "x y"), null, sets, settings, caches, false);
    }

    private Application application(String name, boolean example) throws IOException {
        Path code = Files.createDirectories(home.resolve(name));
        return new Application("a.App", List.of(code), code, example);
    }
}
