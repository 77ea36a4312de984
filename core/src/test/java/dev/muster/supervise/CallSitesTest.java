package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CallSitesTest {
    private static final String SHARED = "source: shared objects file";

    @TempDir
    private Path directory;

    /// Makes two lambdas, of which one is used, and a method reference.
    static final class Lambdas {
        private Lambdas() {}

        public static void main(String[] arguments) {
            Supplier<String> used = () -> "arguments: " + arguments.length;
            Supplier<Integer> reference = arguments::hashCode;
            System.out.println(used.get() + reference.get().toString().length());
            if (arguments.length > 0) {
                Supplier<String> never = () -> "never";
                System.out.println(never.get());
            }
        }
    }

    @Test
    void aCacheHoldsTheLambdasThatWereMade() throws Exception {
        Path jar = jar();
        Path list = listed(jar);
        int before = Files.readAllLines(list).size();

        try (CallSites sites = CallSites.in(jar.toString())) {
            assertThat(sites.addTo(list)).isGreaterThanOrEqualTo(2);
        }

        List<String> added = Files.readAllLines(list).stream().skip(before).toList();
        assertThat(added).allMatch(line -> line.matches("@cp \\S+( [0-9]+)+"));
        assertThat(added)
                .filteredOn(line -> line.contains("CallSitesTest$Lambdas"))
                .singleElement()
                .satisfies(line -> assertThat(line.split(" "))
                        .as("the one that was never made is not named")
                        .hasSize(4));
        assertThat(loaded(jar, list)).hasSize(2).allMatch(line -> line.contains(SHARED));
    }

    @Test
    void withoutTheLinesTheyAreMadeAnew() throws Exception {
        Path jar = jar();
        Path list = listed(jar);
        assertThat(loaded(jar, list)).hasSize(2).noneMatch(line -> line.contains(SHARED));
    }

    @Test
    void classesThatCannotBeReadAreLeftOut() throws IOException {
        Path list = Files.writeString(directory.resolve("list"), """
            java/lang/Object
            @lambda-proxy com/acme/Gone run ()Ljava/lang/Runnable; ()V REF_invokeStatic com/acme/Gone lambda$0 ()V ()V
            @lambda-proxy com/acme/Cut run
            """);
        String before = Files.readString(list);
        try (CallSites sites = CallSites.in(directory.resolve("no.jar") + "::" + directory)) {
            assertThat(sites.addTo(list)).isZero();
        }
        assertThat(Files.readString(list)).isEqualTo(before);
    }

    /// What a process has loaded, as a cache is made of it.
    private Path listed(Path jar) throws Exception {
        Path written = directory.resolve("written.lst");
        String _ = java(jar, "-XX:DumpLoadedClassList=" + written);
        Path list = directory.resolve("all.lst");
        int _ = ClassLists.merge(List.of(written), list);
        return list;
    }

    /// The lines that say where the lambdas of the application came from.
    private List<String> loaded(Path jar, Path list) throws Exception {
        Path archive = directory.resolve("cache.jsa");
        String _ = java(
                jar,
                "-Xshare:dump",
                "-XX:+AOTClassLinking",
                "-XX:SharedClassListFile=" + list,
                "-XX:SharedArchiveFile=" + archive);
        return java(jar, "-Xshare:on", "-XX:SharedArchiveFile=" + archive, "-Xlog:class+load")
                .lines()
                .filter(line -> line.contains("CallSitesTest$Lambdas$$Lambda"))
                .toList();
    }

    private Path jar() throws IOException {
        Path jar = directory.resolve("lambdas.jar");
        String name = Lambdas.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream in = Lambdas.class.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(new JarEntry(name));
            out.write(in.readAllBytes());
        }
        return jar;
    }

    private static String java(Path jar, String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", jar.toString(), Lambdas.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
