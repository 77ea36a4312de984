package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(10)
class JvmArgumentsTest {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Da=b",
                "-Da",
                "-Dempty=",
                "-Dfile=with a blank",
                "-Dmusterlike=1",
                "-Dorg.muster.x=1",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "--add-modules=java.sql",
                "--add-reads=a=b",
                "--patch-module=a=b.jar",
                "--limit-modules=java.base",
                "--module-path=mods",
                "--enable-native-access=ALL-UNNAMED",
                "--illegal-native-access=deny",
                "--enable-preview",
                "-javaagent:/opt/agent.jar=port=1,file=x",
                "-agentlib:profiler=a=b",
                "-agentpath:/opt/libasync.so=start",
                "-ea",
                "-ea:com.acme...",
                "-da:com.acme.Slow",
                "-esa",
                "-enableassertions",
                "-disablesystemassertions",
                "-Xbootclasspath/a:extra.jar"
            })
    void childrenGet(String option) {
        assertThat(JvmArguments.inherited(List.of("java", option, "com.acme.Main", "-Dnot=mine")))
                .containsExactly(option);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-Xmx64m",
                "-Xms8m",
                "-Xss1m",
                "-Xmn4m",
                "-XX:+UseZGC",
                "-XX:+UseSerialGC",
                "-XX:MaxRAMPercentage=50",
                "-XX:Flags=.hotspotrc",
                "-XX:VMOptionsFile=x",
                "-XX:AOTCache=app.aot",
                "-XX:AOTCacheOutput=app.aot",
                "-XX:SharedArchiveFile=app.jsa",
                "-XX:ArchiveClassesAtExit=app.jsa",
                "-Xshare:auto",
                "-XX:-UsePerfData",
                "-XX:LogFile=vm.log",
                "-XX:ErrorFile=x",
                "-XX:HeapDumpPath=x",
                "-XX:StartFlightRecording:filename=x.jfr",
                "-Xlog:gc*:file=gc.log",
                "-Xloggc:gc.log",
                "-verbose:gc",
                "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=5005",
                "-agentlib:jdwp",
                "-agentpath:/jdk/lib/libjdwp.so=transport=dt_socket",
                "-Xrunjdwp:transport=dt_socket",
                "-Xdebug",
                "-Dcom.sun.management.jmxremote",
                "-Dcom.sun.management.jmxremote.port=9010",
                "-Dcom.sun.management.jmxremote.authenticate=false",
                "-Dcom.sun.management.config.file=jmx.properties",
                "-Dmuster.child.slot=3",
                "-Dmuster.home=/opt/muster",
                "-Djava.class.path=x.jar",
                "-classpath=x",
                "--class-path=x.jar",
                "-Xint",
                "-server",
                "-showversion"
            })
    void childrenNeverGet(String option) {
        assertThat(JvmArguments.inherited(List.of("java", option, "-Dlast=1", "com.acme.Main")))
                .containsExactly("-Dlast=1");
    }

    @ParameterizedTest
    @CsvSource({
        "-cp, x.jar, ''",
        "-classpath, x.jar, ''",
        "--class-path, x.jar, ''",
        "--source, 25, ''",
        "-p, mods, --module-path=mods",
        "--add-opens, java.base/java.lang=ALL-UNNAMED, --add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-modules, java.sql, --add-modules=java.sql",
        "--enable-native-access, ALL-UNNAMED, --enable-native-access=ALL-UNNAMED"
    })
    void optionsOfTwoWords(String option, String value, String expected) {
        List<String> kept = new ArrayList<>(JvmArguments.inherited(List.of("java", option, value, "-Dlast=1", "Main")));
        assertThat(kept.removeLast()).isEqualTo("-Dlast=1");
        assertThat(String.join("|", kept)).isEqualTo(expected);
    }

    @Test
    void whatTheProgramGetsIsNotAnOption() {
        assertThat(JvmArguments.inherited(List.of("java", "-Da=1", "-cp", "-odd.jar", "Main", "-Db=2", "-ea", "@none")))
                .containsExactly("-Da=1");
        assertThat(JvmArguments.inherited(List.of("java", "-Da=1", "-jar", "missing.jar", "-Db=2")))
                .containsExactly("-Da=1");
        assertThat(JvmArguments.inherited(List.of("java", "-p", "mods", "-m", "acme/com.acme.Main", "-ea")))
                .containsExactly("--module-path=mods");
        assertThat(JvmArguments.inherited(List.of("java", "--module=acme/com.acme.Main", "-ea")))
                .isEmpty();
        assertThat(JvmArguments.inherited(List.of("java"))).isEmpty();
        assertThat(JvmArguments.inherited(List.of())).isEmpty();
        assertThat(JvmArguments.inherited(List.of("java", "--add-opens"))).isEmpty();
    }

    @Test
    void argumentFilesAreTakenApart() throws IOException {
        Path inner = Files.writeString(directory.resolve("more"), "-Dinner=1");
        Path file = Files.writeString(directory.resolve("options"), """
            # -Dcommented=1
            -Da=1 -Db='two words'   # the rest
            "-Dc=tab\\there \\
                 and \\"on\\"" -Xmx1g
            --add-opens
            java.base/java.lang=ALL-UNNAMED
            -Dpath=C:\\dir
            -cp "a b.jar"
            @%s
            """.formatted(inner));
        assertThat(JvmArguments.inherited(List.of("java", "@" + file, "-De=5", "Main", "@" + directory)))
                .as("a file named within a file is not opened; the launcher takes it for the program's name")
                .containsExactly(
                        "-Da=1",
                        "-Db=two words",
                        "-Dc=tab\there and \"on\"",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "-Dpath=C:\\dir");
    }

    @Test
    void anArgumentFileMayHoldTheClassPathOrTheProgram() throws IOException {
        Path path = Files.writeString(directory.resolve("cp"), "a.jar:b.jar");
        Path program = Files.writeString(directory.resolve("program"), "-Da=1 com.acme.Main -Dnot=mine");
        assertThat(JvmArguments.inherited(List.of("java", "-cp", "@" + path, "@" + program, "@nowhere")))
                .containsExactly("-Da=1");
    }

    @Test
    void argumentFilesCanBeSwitchedOffAndEscaped() {
        assertThat(JvmArguments.inherited(List.of("java", "-Da=1", "--disable-@files", "@nowhere")))
                .containsExactly("-Da=1");
        assertThat(JvmArguments.inherited(List.of("java", "-Da=1", "@@nowhere")))
                .containsExactly("-Da=1");
    }

    @Test
    void aMissingArgumentFileIsNamed() {
        Path file = directory.resolve("gone");
        assertThatThrownBy(() -> JvmArguments.inherited(List.of("java", "@" + file, "Main")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void whatTheManifestOfAJarOpensIsOpenInChildren() throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Add-Opens", "java.base/java.lang java.base/java.util");
        manifest.getMainAttributes().putValue("Add-Exports", "java.base/sun.nio.ch");
        Path jar = directory.resolve("app.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream written = new JarOutputStream(out, manifest)) {
            written.finish();
        }
        assertThat(JvmArguments.inherited(List.of("java", "-Da=1", "-jar", jar.toString(), "-Db=2")))
                .containsExactly(
                        "-Da=1",
                        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-opens=java.base/java.util=ALL-UNNAMED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"})
    void variablesWithOptionsAreReduced(String variable) {
        Map<String, String> child = JvmArguments.environment(Map.of(
                variable,
                " -Xmx1g -agentlib:jdwp=transport=dt_socket,address=5005\t-Da='two words' -Db=\"it's\" -Dc=\"a\"'\"'b"
                        + " -Dcom.sun.management.jmxremote.port=1 -Xlog:gc:file=gc.log -javaagent:x.jar=y -Dpath=a\\b ",
                "PATH",
                "/bin"));
        assertThat(child).containsOnlyKeys(variable, "PATH");
        assertThat(child.get(variable))
                .isEqualTo("\"-Da=two words\" \"-Db=it's\" \"-Dc=a\"'\"'\"b\" -javaagent:x.jar=y -Dpath=a\\b");
        assertThat(JvmArguments.environment(child)).as("quoting is stable").isEqualTo(child);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS"})
    void aVariableThatHasNothingForChildrenGoes(String variable) {
        assertThat(JvmArguments.environment(Map.of(variable, "-Xmx1g -XX:+UseZGC")))
                .isEmpty();
        assertThat(JvmArguments.environment(Map.of(variable, ""))).isEmpty();
    }

    @Test
    void onlyTheVariableOfTheLauncherKnowsArgumentFilesAndTwoWords() throws IOException {
        Path file = Files.writeString(directory.resolve("options"), "-Da=1 -Xmx1g");
        assertThat(JvmArguments.environment(Map.of(
                        "JDK_JAVA_OPTIONS",
                        "@" + file + " --add-opens java.base/java.lang=ALL-UNNAMED",
                        "JAVA_TOOL_OPTIONS",
                        "-Db=2")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "JDK_JAVA_OPTIONS", "-Da=1 --add-opens=java.base/java.lang=ALL-UNNAMED",
                        "JAVA_TOOL_OPTIONS", "-Db=2"));
    }

    @Test
    void theTokenOfAProcessIsItsOwn() {
        assertThat(JvmArguments.environment(Map.of("MUSTER_TOKEN", "secret", "MUSTER_DATA_DIR", "/data")))
                .containsExactly(Map.entry("MUSTER_DATA_DIR", "/data"));
    }

    @Test
    void onlyTheMasterSpeaksToTheServiceManager() {
        assertThat(JvmArguments.environment(
                        Map.of("NOTIFY_SOCKET", "/run/n", "WATCHDOG_USEC", "1", "WATCHDOG_PID", "2", "HOME", "/h")))
                .containsExactly(Map.entry("HOME", "/h"));
    }

    @Test
    void classPathEntriesDoNotDependOnTheWorkingDirectory() {
        Path work = Path.of("/srv");
        assertThat(JvmArguments.classPath("a.jar:/opt/b.jar::lib/c.jar", work))
                .isEqualTo("/srv/a.jar:/opt/b.jar:/srv:/srv/lib/c.jar");
        assertThat(JvmArguments.classPath("", work)).isEmpty();
    }
}
