package dev.muster.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.InvokeDynamicEntry;
import java.lang.classfile.constantpool.LoadableConstantEntry;
import java.lang.classfile.constantpool.MethodHandleEntry;
import java.lang.classfile.constantpool.MethodTypeEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The places in code that make lambdas, as a cache with linked classes wants them named: by their numbers among the
/// constants of their class.
///
/// A list of loaded classes names each lambda by what it is made of, in a line `@lambda-proxy CLASS NAME TYPE
/// METHOD-TYPE KIND OWNER NAME TYPE INSTANTIATED-TYPE`. A cache whose classes are linked takes no notice of that. It
/// wants lines `@cp CLASS NUMBER…`, which the virtual machine writes at an orderly end only, and the processes that
/// write our lists have not ended. Without them each process makes each of its lambdas anew: in a web worker 250 of
/// them, and as many method handles, a fifth of the processor time of its start.
///
/// **Threads:** one. **Lifetime:** while it has the class path open. **Failure:** a class that cannot be read has its
/// lambdas made when they are needed, as without a cache.
final class CallSites implements AutoCloseable {
    private static final String LAMBDA = "@lambda-proxy ";
    private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";
    private static final int LAMBDA_WORDS = 10;
    /// Of the words of a line: the kind of the method handle, which its owner, name and type tell already.
    private static final int KIND = 5;

    private final URLClassLoader classes;

    private CallSites(URLClassLoader classes) {
        this.classes = classes;
    }

    /// @param classPath entries with `:` between them
    static CallSites in(String classPath) throws MalformedURLException {
        List<URL> addresses = new ArrayList<>();
        for (String entry : classPath.split(":", -1)) {
            if (!entry.isEmpty()) {
                addresses.add(Path.of(entry).toUri().toURL());
            }
        }
        return new CallSites(new URLClassLoader(addresses.toArray(URL[]::new), ClassLoader.getPlatformClassLoader()));
    }

    /// Adds the lines to a list of classes.
    ///
    /// @param list as [ClassLists] writes it
    /// @return how many lambdas are named
    int addTo(Path list) throws IOException {
        Map<String, Set<String>> wanted = new LinkedHashMap<>();
        for (String line : Files.readAllLines(list, UTF_8)) {
            String[] words = line.split(" ", -1);
            if (line.startsWith(LAMBDA) && words.length == LAMBDA_WORDS) {
                wanted.computeIfAbsent(words[1], _ -> new HashSet<>()).add(name(words));
            }
        }
        int count = 0;
        StringBuilder lines = new StringBuilder();
        for (Map.Entry<String, Set<String>> one : wanted.entrySet()) {
            List<Integer> numbers = numbers(one.getKey(), one.getValue());
            if (!numbers.isEmpty()) {
                lines.append("@cp ").append(one.getKey());
                numbers.forEach(number -> lines.append(' ').append(number));
                lines.append('\n');
            }
            count += numbers.size();
        }
        Path _ = Files.writeString(list, lines, StandardOpenOption.APPEND);
        return count;
    }

    private static String name(String[] words) {
        List<String> kept = new ArrayList<>(List.of(words).subList(2, words.length));
        kept.remove(KIND - 2);
        return String.join(" ", kept);
    }

    private List<Integer> numbers(String type, Set<String> lambdas) {
        List<Integer> numbers = new ArrayList<>();
        try (InputStream in = classes.getResourceAsStream(type + ".class")) {
            if (in == null) {
                return List.of();
            }
            for (PoolEntry entry : ClassFile.of().parse(in.readAllBytes()).constantPool()) {
                if (entry instanceof InvokeDynamicEntry site
                        && name(site).filter(lambdas::contains).isPresent()) {
                    numbers.add(site.index());
                }
            }
            return numbers;
        } catch (IOException | IllegalArgumentException _) {
            // Not there any more, or nothing that this JDK can read: the virtual machine would not accept it either.
            return List.of();
        }
    }

    /// The same words as [#name(String\[\])]; empty if it is no lambda, or one of the few with options.
    private static Optional<String> name(InvokeDynamicEntry site) {
        List<LoadableConstantEntry> arguments = site.bootstrap().arguments();
        boolean lambda = site.bootstrap()
                .bootstrapMethod()
                .reference()
                .owner()
                .asInternalName()
                .equals(FACTORY);
        if (lambda
                && arguments.size() >= 3
                && arguments.get(0) instanceof MethodTypeEntry method
                && arguments.get(1) instanceof MethodHandleEntry body
                && arguments.get(2) instanceof MethodTypeEntry instantiated) {
            return Optional.of(String.join(
                    " ",
                    site.name().stringValue(),
                    site.type().stringValue(),
                    method.descriptor().stringValue(),
                    body.reference().owner().asInternalName(),
                    body.reference().name().stringValue(),
                    body.reference().type().stringValue(),
                    instantiated.descriptor().stringValue()));
        }
        return Optional.empty();
    }

    @Override
    public void close() throws IOException {
        classes.close();
    }
}
