package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.jspecify.annotations.Nullable;

/// Which options of the master's virtual machine its children get: system properties, modules, agents and assertions,
/// wherever they were given. Never its heap, collector, caches, logs, debugger or management port, which a child either
/// sets itself or cannot share, and no `muster.*` properties, which tell a process who it is.
///
/// **Threads:** any. **Lifetime:** none. **Failure:** an argument file that cannot be read is an
/// [UncheckedIOException] that names it; the master itself could not have started from it.
final class JvmArguments {
    /// Options of the launcher whose value may be the next word.
    private static final Set<String> WITH_VALUE = Set.of(
            "-cp",
            "-classpath",
            "--class-path",
            "-p",
            "--module-path",
            "--upgrade-module-path",
            "--add-modules",
            "--limit-modules",
            "--add-reads",
            "--add-exports",
            "--add-opens",
            "--patch-module",
            "--enable-native-access",
            "--source",
            "-d",
            "--describe-module");

    /// With these the program itself begins, and behind it its arguments.
    private static final Set<String> MAIN = Set.of("-jar", "-m", "--module");

    private static final Set<String> MODULE_OPTIONS = Set.of(
            "--module-path",
            "--upgrade-module-path",
            "--add-modules",
            "--limit-modules",
            "--add-reads",
            "--add-exports",
            "--add-opens",
            "--patch-module",
            "--enable-native-access",
            "--illegal-native-access",
            "--sun-misc-unsafe-memory-access",
            "--enable-preview",
            "--finalization");

    private static final Set<String> ASSERTIONS = Set.of(
            "-ea",
            "-enableassertions",
            "-da",
            "-disableassertions",
            "-esa",
            "-enablesystemassertions",
            "-dsa",
            "-disablesystemassertions");

    private static final List<String> OWN_PROPERTIES = List.of("muster.", "com.sun.management.", "java.class.path");

    private static final String BLANKS = " \t\n\r\f";
    private static final String TOKEN = "MUSTER_TOKEN";

    /// What the launcher of java reads, which knows argument files.
    private static final String LAUNCHER_VARIABLE = "JDK_JAVA_OPTIONS";

    /// What the virtual machine itself reads, in every program that has one.
    private static final List<String> MACHINE_VARIABLES = List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS");

    private JvmArguments() {}

    /// @param commandLine of the master, beginning with the program's name; with the argument files (`@file`) that
    ///     it names, and what the manifest of its `-jar` opens
    /// @return one word for each option
    static List<String> inherited(List<String> commandLine) {
        return commandLine.isEmpty() ? List.of() : passedOn(commandLine.subList(1, commandLine.size()), true);
    }

    /// The class path of a child, with entries that do not depend on its working directory.
    ///
    /// @param javaClassPath the property `java.class.path` of the master
    static String classPath(String javaClassPath, Path workingDirectory) {
        if (javaClassPath.isEmpty()) {
            return "";
        }
        StringJoiner entries = new StringJoiner(":");
        for (String entry : javaClassPath.split(":", -1)) {
            entries.add(workingDirectory.resolve(entry).toString());
        }
        return entries.toString();
    }

    /// The environment of a child: the master's without its token and without what only the master may say to the
    /// service manager, and the variables that hold options reduced to
    /// those that children may have.
    static Map<String, String> environment(Map<String, String> ofMaster) {
        Map<String, String> ofChild = new LinkedHashMap<>(ofMaster);
        ofChild.remove(TOKEN);
        SystemdLink.VARIABLES.forEach(ofChild::remove);
        reduce(ofChild, LAUNCHER_VARIABLE, true);
        for (String variable : MACHINE_VARIABLES) {
            reduce(ofChild, variable, false);
        }
        return ofChild;
    }

    /// All options that variables of an environment give to a virtual machine.
    static String inVariables(Map<String, String> environment) {
        StringJoiner options = new StringJoiner(" ");
        for (String variable : MACHINE_VARIABLES) {
            options.add(environment.getOrDefault(variable, ""));
        }
        return options.add(environment.getOrDefault(LAUNCHER_VARIABLE, ""))
                .toString()
                .strip();
    }

    /// An environment without the options for virtual machines.
    static Map<String, String> withoutOptions(Map<String, String> environment) {
        Map<String, String> plain = new LinkedHashMap<>(environment);
        plain.remove(TOKEN);
        plain.remove(LAUNCHER_VARIABLE);
        MACHINE_VARIABLES.forEach(plain::remove);
        return plain;
    }

    private static void reduce(Map<String, String> environment, String variable, boolean files) {
        String text = environment.remove(variable);
        List<String> kept = text == null ? List.of() : passedOn(words(text), files);
        if (!kept.isEmpty()) {
            StringJoiner quoted = new StringJoiner(" ");
            kept.forEach(word -> quoted.add(quoted(word)));
            environment.put(variable, quoted.toString());
        }
    }

    private static List<String> passedOn(List<String> words, boolean files) {
        List<String> kept = new ArrayList<>();
        Deque<String> rest = new ArrayDeque<>(words);
        boolean expand = files;
        while (true) {
            String word = next(rest, expand);
            if (word == null || !word.startsWith("-") || MAIN.contains(name(word))) {
                String jar = "-jar".equals(word) ? next(rest, expand) : null;
                if (jar != null) {
                    kept.addAll(opened(Path.of(jar)));
                }
                return kept;
            }
            expand &= !word.equals("--disable-@files");
            if (WITH_VALUE.contains(word)) {
                String value = next(rest, expand);
                String option = word.equals("-p") ? "--module-path" : word;
                if (value != null && MODULE_OPTIONS.contains(option)) {
                    kept.add(option + "=" + value);
                }
            } else if (passes(word)) {
                kept.add(word);
            }
        }
    }

    private static boolean passes(String word) {
        if (word.startsWith("-D")) {
            return OWN_PROPERTIES.stream().noneMatch(own -> word.startsWith(own, 2));
        }
        if (word.startsWith("-agentlib:") || word.startsWith("-agentpath:")) {
            return !name(word).contains("jdwp");
        }
        return word.startsWith("-javaagent:")
                || word.startsWith("-Xbootclasspath/a:")
                || MODULE_OPTIONS.contains(name(word))
                || ASSERTIONS.contains(word.contains(":") ? word.substring(0, word.indexOf(':')) : word);
    }

    /// What stands before the `=`.
    private static String name(String word) {
        int end = word.indexOf('=');
        return end < 0 ? word : word.substring(0, end);
    }

    /// The next word; takes an argument file apart, whose words are taken as they are.
    private static @Nullable String next(Deque<String> rest, boolean expand) {
        String word = rest.poll();
        while (expand && word != null && word.length() > 1 && word.startsWith("@")) {
            if (word.startsWith("@@")) {
                return word.substring(1);
            }
            List<String> inFile = wordsOfFile(read(word.substring(1)));
            for (String one : inFile.reversed()) {
                rest.push(one.startsWith("@") ? "@" + one : one);
            }
            word = rest.poll();
        }
        return word;
    }

    private static String read(String file) {
        try {
            return new String(Files.readAllBytes(Path.of(file)), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read the argument file " + file + " again, which holds options for the child processes ("
                            + e + "); keep it while the application runs, or give the options directly",
                    e);
        }
    }

    /// Words of an environment variable: parted by blanks, with quotes of both kinds and no other escape.
    private static List<String> words(String text) {
        return parted(text, false);
    }

    /// Words of an argument file: also with comments, and escapes and continued lines within quotes.
    private static List<String> wordsOfFile(String text) {
        return parted(text, true);
    }

    private static List<String> parted(String text, boolean file) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean within = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0 && c == '\\' && file && i + 1 < text.length()) {
                i = escape(text, i + 1, word);
            } else if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || c == '\'') {
                quote = c;
                within = true;
            } else if (BLANKS.indexOf(c) >= 0 || c == '#' && file) {
                if (within) {
                    words.add(word.toString());
                }
                word.setLength(0);
                within = false;
                while (c == '#' && i + 1 < text.length() && text.charAt(i + 1) != '\n' && text.charAt(i + 1) != '\r') {
                    i++;
                }
            } else {
                word.append(c);
                within = true;
            }
        }
        if (within) {
            words.add(word.toString());
        }
        return words;
    }

    /// @return the index of the last character that belongs to the escape
    private static int escape(String text, int at, StringBuilder word) {
        char c = text.charAt(at);
        int end = at;
        switch (c) {
            case 'n' -> word.append('\n');
            case 'r' -> word.append('\r');
            case 't' -> word.append('\t');
            case 'f' -> word.append('\f');
            case '\n', '\r' -> {
                while (end + 1 < text.length() && BLANKS.indexOf(text.charAt(end + 1)) >= 0) {
                    end++;
                }
            }
            default -> word.append(c);
        }
        return end;
    }

    private static String quoted(String word) {
        boolean plain = !word.isEmpty();
        for (int i = 0; i < word.length(); i++) {
            plain &= (BLANKS + "\"'").indexOf(word.charAt(i)) < 0;
        }
        return plain ? word : "\"" + word.replace("\"", "\"'\"'\"") + "\"";
    }

    /// What the manifest of the jar that the master was started with opens, which only `-jar` would do.
    private static List<String> opened(Path jar) {
        List<String> options = new ArrayList<>();
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            for (String access : manifest == null ? List.<String>of() : List.of("Add-Exports", "Add-Opens")) {
                String value = manifest.getMainAttributes().getValue(access);
                for (String target : value == null ? List.<String>of() : words(value)) {
                    options.add("--" + access.toLowerCase(Locale.ROOT) + "=" + target + "=ALL-UNNAMED");
                }
            }
        } catch (IOException _) {
            // Without it the launcher would not have started the master; its class path finds out.
        }
        return options;
    }
}
