import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The rules for source files that no compiler knows: the format, and at most 500 lines a file.
///
/// The build runs it with the JDK of the toolchain, because the formatter parses with the compiler of the JVM it runs
/// in. The formatter counts the indentation of a `///` line twice, and what it then breaks off loses its `///`;
/// therefore such comments are wrapped here, before it sees them.
final class SourceRules {
    private static final int MAX_LINES = 500;
    private static final int MAX_COLUMNS = 120;
    private static final Pattern COMMENT = Pattern.compile("( *)///( ?)(.*)");
    private static final Pattern VERBATIM = Pattern.compile("|[|#>].*| {4}.*");
    private static final Pattern STARTS_BLOCK = Pattern.compile("(@\\w+|[-+*]|\\d+[.)]) .*");
    private static final Pattern MEANS_SOMETHING_AT_THE_START = Pattern.compile("[-+*]|[#>|@].*|\\d+[.)]|```.*");

    private SourceRules() {}

    /// @param args `check` or `apply`, and the directories to look in
    public static void main(String[] args) throws IOException {
        boolean apply = args[0].equals("apply");
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .build());
        List<String> problems = new ArrayList<>();
        List<Path> files = javaFiles(args);
        for (Path file : files) {
            String source = Files.readString(file);
            try {
                String formatted = formatter.formatSourceAndFixImports(wrapComments(source));
                long lines = formatted.lines().count();
                if (lines > MAX_LINES) {
                    problems.add(
                            file + " has " + lines + " lines, the limit is " + MAX_LINES + "; split it by subject");
                }
                if (apply && !formatted.equals(source)) {
                    Files.writeString(file, formatted);
                    System.out.println("formatted " + file);
                } else if (!formatted.equals(source)) {
                    problems.add(file + " is not formatted; run ./mvnw -N verify -Dformat=apply");
                }
            } catch (FormatterException | IllegalArgumentException e) {
                problems.add(file + " cannot be formatted: " + e.getMessage());
            }
        }
        problems.forEach(System.err::println);
        System.out.println(files.size() + " source files, " + problems.size() + " problems");
        System.exit(problems.isEmpty() && !files.isEmpty() ? 0 : 1);
    }

    private static List<Path> javaFiles(String[] args) throws IOException {
        List<Path> found = new ArrayList<>();
        for (int i = 1; i < args.length; i++) {
            try (Stream<Path> files = Files.walk(Path.of(args[i]))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.toString().contains("/target/"))
                        .sorted()
                        .forEach(found::add);
            }
        }
        return found;
    }

    private static String wrapComments(String source) {
        StringBuilder out = new StringBuilder(source.length());
        List<String> block = new ArrayList<>();
        boolean fenced = false;
        for (String line : source.lines().toList()) {
            Matcher comment = COMMENT.matcher(line);
            boolean isComment = comment.matches();
            String text = isComment ? comment.group(3) : "";
            boolean fence = text.startsWith("```");
            boolean inTag = !block.isEmpty() && textOf(block.getFirst()).startsWith("@");
            boolean plain =
                    isComment && !fence && !fenced && (!VERBATIM.matcher(text).matches() || inTag && !text.isBlank());
            if (!plain || STARTS_BLOCK.matcher(text).matches()) {
                wrap(block, out);
            }
            if (plain) {
                block.add(line);
            } else if (isComment
                    && line.length() > MAX_COLUMNS - comment.group(1).length()) {
                throw new IllegalArgumentException("this line of a comment cannot be wrapped: " + line.strip());
            } else {
                out.append(line).append('\n');
            }
            fenced = isComment && fenced != fence;
        }
        wrap(block, out);
        return out.toString();
    }

    private static String textOf(String comment) {
        return comment.substring(comment.indexOf("///") + 3).strip();
    }

    /// Appends one paragraph, list item or tag, wrapped anew if a line of it is too long, and empties it.
    private static void wrap(List<String> block, StringBuilder out) {
        int columns = block.isEmpty() ? 0 : MAX_COLUMNS - block.getFirst().indexOf("///");
        if (block.stream().allMatch(line -> line.length() <= columns)) {
            block.forEach(line -> out.append(line).append('\n'));
            block.clear();
            return;
        }
        String first = block.getFirst();
        String prefix = first.substring(0, first.indexOf("///") + 3) + " ";
        String text = textOf(first);
        String hanging =
                text.startsWith("@") ? "    " : STARTS_BLOCK.matcher(text).matches() ? "  " : "";
        StringBuilder line = new StringBuilder(prefix);
        boolean empty = true;
        for (String chunk : chunks(block)) {
            if (!empty && line.length() + 1 + chunk.length() > columns) {
                out.append(line).append('\n');
                line = new StringBuilder(prefix).append(hanging);
                empty = true;
            }
            line.append(empty ? "" : " ").append(chunk);
            empty = false;
        }
        out.append(line).append('\n');
        block.clear();
    }

    /// The words of the block; one that would mean something at the start of a line stays with the word before it.
    private static List<String> chunks(List<String> block) {
        List<String> chunks = new ArrayList<>();
        for (String line : block) {
            for (String word : textOf(line).split(" +")) {
                if (!chunks.isEmpty()
                        && MEANS_SOMETHING_AT_THE_START.matcher(word).matches()) {
                    chunks.add(chunks.removeLast() + " " + word);
                } else {
                    chunks.add(word);
                }
            }
        }
        return chunks;
    }
}
