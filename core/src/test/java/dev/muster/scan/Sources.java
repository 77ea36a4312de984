package dev.muster.scan;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Compiles small sources of package `app` into a directory, so that tests scan what a compiler really writes.
final class Sources {
    private static final Pattern TYPE = Pattern.compile("\\b(?:class|interface|enum|record) (\\w+)");
    private static final String IMPORTS = """
        package app;
        import dev.muster.*;
        import dev.muster.task.*;
        """;

    private Sources() {}

    static Path compile(Path directory, String... sources) throws Exception {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> units = new ArrayList<>();
        for (String source : sources) {
            units.add(new Source(source));
        }
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, Locale.ROOT, null)) {
            List<String> options =
                    List.of("-d", directory.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
            if (!compiler.getTask(null, files, problems, options, null, units).call()) {
                throw new AssertionError(problems.getDiagnostics().toString());
            }
        }
        return directory;
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String text) {
            super(URI.create("string:///app/" + typeName(text) + ".java"), Kind.SOURCE);
            this.text = IMPORTS + text;
        }

        private static String typeName(String text) {
            Matcher matcher = TYPE.matcher(text);
            if (!matcher.find()) {
                throw new IllegalArgumentException("no type in " + text);
            }
            return matcher.group(1);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
