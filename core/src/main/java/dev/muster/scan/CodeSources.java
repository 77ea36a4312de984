package dev.muster.scan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipException;

/// All places that are scanned, in the order of the class path: of two classes with one name the first counts.
///
/// What cannot be read becomes an error in the findings, and the rest goes on.
///
/// **Threads:** one. **Lifetime:** closed by whoever opened it.
final class CodeSources implements AutoCloseable {
    private final List<CodeSource> sources = new ArrayList<>();
    private final Map<String, Optional<ClassFacts>> known = new HashMap<>();
    private final Findings findings;

    private CodeSources(Findings findings) {
        this.findings = findings;
    }

    static CodeSources open(List<Path> paths, Findings findings) {
        CodeSources opened = new CodeSources(findings);
        LinkedHashSet<Path> distinct = new LinkedHashSet<>();
        for (Path path : paths) {
            distinct.add(path.toAbsolutePath().normalize());
        }
        for (Path path : distinct) {
            opened.add(path);
        }
        return opened;
    }

    private void add(Path path) {
        if (Files.isDirectory(path)) {
            sources.add(new DirectorySource(path));
            return;
        }
        if (!Files.exists(path)) {
            findings.error(path.toString(), "the jar or directory to scan does not exist; correct the path");
            return;
        }
        try {
            JarSource jar = JarSource.open(path);
            sources.add(jar);
            if (jar.isSpringBoot()) {
                findings.error(
                        path.toString(),
                        "a Spring Boot fat jar is not supported; run the plain jar of the"
                                + " application with its libraries on the class path");
            }
        } catch (ZipException e) {
            findings.error(path.toString(), "the file is not a jar (" + e.getMessage() + "); build it again");
        } catch (IOException e) {
            findings.error(path.toString(), "the jar cannot be read (" + e + ")");
        }
    }

    /// The classes that carry an annotation which declares something, or declare a method that does.
    List<ClassFacts> candidates() {
        List<ClassFacts> candidates = new ArrayList<>();
        for (CodeSource source : sources) {
            try {
                for (String file : source.classFiles()) {
                    Optional<byte[]> bytes = source.find(file);
                    if (bytes.isPresent() && ClassReader.mayDeclare(bytes.get())) {
                        boolean first = !known.containsKey(internalName(file));
                        Optional<ClassFacts> facts = read(internalName(file), source, bytes.get());
                        facts.filter(_ -> first).ifPresent(candidates::add);
                    }
                }
            } catch (IOException | SecurityException e) {
                findings.error(source.place(), "the classes cannot be read (" + e + ")");
            }
        }
        return candidates;
    }

    private static String internalName(String file) {
        return file.substring(0, file.length() - ".class".length());
    }

    /// The class of this internal name, empty if it comes from elsewhere.
    Optional<ClassFacts> find(String internalName) {
        Optional<ClassFacts> before = known.get(internalName);
        if (before != null) {
            return before;
        }
        for (CodeSource source : sources) {
            try {
                Optional<byte[]> bytes = source.find(internalName + ".class");
                if (bytes.isPresent()) {
                    return read(internalName, source, bytes.get());
                }
            } catch (IOException e) {
                findings.error(source.place(), "class " + internalName + " cannot be read (" + e + ")");
            }
        }
        known.put(internalName, Optional.empty());
        return Optional.empty();
    }

    private Optional<ClassFacts> read(String internalName, CodeSource source, byte[] bytes) {
        Optional<ClassFacts> facts = Optional.empty();
        try {
            facts = Optional.of(ClassReader.read(bytes));
        } catch (UnreadableClassException e) {
            findings.error(internalName + ".class in " + source.place(), e.reason());
        }
        known.putIfAbsent(internalName, facts);
        return facts;
    }

    /// Whether a service of this type is registered in one of the places.
    boolean registersService(String type) {
        for (CodeSource source : sources) {
            try {
                if (source.find("META-INF/services/" + type).isPresent()) {
                    return true;
                }
            } catch (IOException e) {
                findings.error(source.place(), "the service files cannot be read (" + e + ")");
            }
        }
        return false;
    }

    @Override
    public void close() {
        for (CodeSource source : sources) {
            try {
                source.close();
            } catch (IOException _) {
                // it was only read: nothing is lost, and the findings are complete
            }
        }
    }
}
