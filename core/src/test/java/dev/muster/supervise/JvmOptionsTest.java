package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each line is what somebody may write into `jvm.ROLE`; a real virtual machine starts with it and says nothing.
@Timeout(60)
class JvmOptionsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-XX:+UseSerialGC",
                "-XX:+UseG1GC",
                "-XX:+UseG1GC -Xmx64m",
                "-XX:+UseParallelGC -Xmx1g",
                "-XX:+UseZGC -Xmx512m",
                "-Xmx2m",
                "-Xmx4m",
                "-Xmx8m",
                "-Xmx64m",
                "-Xms512m",
                "-Xms2m",
                "-Xms1g -Xmx2g",
                "-XX:MaxHeapSize=6m",
                "-XX:InitialHeapSize=300m",
                "-Xmn32m",
                "-XX:NewSize=8m -XX:MaxNewSize=16m",
                "-XX:NewRatio=3",
                "-XX:MaxRAMPercentage=50",
                "-XX:InitialRAMPercentage=1 -XX:MaxRAMPercentage=2",
                "-XX:TieredStopAtLevel=4",
                "-XX:-TieredCompilation",
                "-XX:CompilationMode=high-only",
                "-XX:Tier3InvocationThreshold=100",
                "-XX:CompileThresholdScaling=0.5",
                "-Xint",
                "-XX:InitialCodeCacheSize=40m",
                "-XX:ReservedCodeCacheSize=240m",
                "-XX:NonNMethodCodeHeapSize=8m -XX:ProfiledCodeHeapSize=16m -XX:NonProfiledCodeHeapSize=16m",
                "-XX:-UseCountedLoopSafepoints",
                "-XX:LoopStripMiningIter=0",
                "-XX:LoopStripMiningIter=1000",
                "-XX:-ExitOnOutOfMemoryError",
                "-XX:+CrashOnOutOfMemoryError",
                "-XX:+UsePerfData",
                "-XX:AsyncDeflationInterval=250",
                "-XX:ArchiveRelocationMode=1",
                "-Xlog:disable",
                "-XX:+UseCompactObjectHeaders"
            })
    void aRealMachineStartsWith(String own) throws IOException, InterruptedException {
        List<String> options = own.isEmpty() ? List.of() : List.of(own.split(" "));
        assertThat(run(JvmOptions.defaults(options), options))
                .contains("exit code 0")
                .doesNotContainIgnoringCase("warning");
        assertThat(run(JvmOptions.busy(options, 0), options))
                .contains("exit code 0")
                .doesNotContainIgnoringCase("warning");
    }

    @Test
    void whatWorksWithoutAPauseIsCompiledWellAndHasRoom() {
        assertThat(JvmOptions.busy(List.of(), 0))
                .contains("-Xms32m", "-Xmn16m", "-Xmx256m", "-XX:ReservedCodeCacheSize=64m")
                .doesNotContain("-XX:TieredStopAtLevel=1");
        assertThat(JvmOptions.busy(List.of(), 16 << 20)).contains("-Xms8m", "-Xmn4m");
        assertThat(JvmOptions.busy(List.of("-Xmx24m"), 0)).contains("-Xms8m", "-Xmn4m");
    }

    @Test
    void whatTheRoleSaysHolds() throws IOException, InterruptedException {
        String said = run(List.of("-XX:+UseG1GC", "-Xmx96m", "-XX:TieredStopAtLevel=4", "-XX:+PrintFlagsFinal"));
        assertThat(said)
                .containsPattern("UseG1GC\\s+= true")
                .containsPattern("UseSerialGC\\s+= false")
                .containsPattern("MaxHeapSize\\s+= 100663296")
                .containsPattern("TieredStopAtLevel\\s+= 4")
                .doesNotContainPattern(" MaxNewSize\\s+= 4194304")
                .containsPattern("ExitOnOutOfMemoryError\\s+= true");
    }

    @Test
    void aHeapThatBeginsLargerThanTheDefaultLimitIsTheLimit() {
        assertThat(JvmOptions.defaults(List.of("-Xms1g")))
                .contains("-Xmx1073741824")
                .doesNotContain("-Xmx256m");
        assertThat(JvmOptions.defaults(List.of())).contains("-Xmx256m", "-XX:+UseSerialGC", "-Xmn4m");
    }

    private static String run(List<String> own) throws IOException, InterruptedException {
        return run(JvmOptions.defaults(own), own);
    }

    private static String run(List<String> defaults, List<String> own) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(defaults);
        command.addAll(own);
        command.add("-version");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.endsWith("JAVA_OPTIONS") || name.startsWith("JAVA_TOOL"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return said + "\nexit code " + process.waitFor();
    }
}
