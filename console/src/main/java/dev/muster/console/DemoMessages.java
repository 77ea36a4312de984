package dev.muster.console;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/// The messages of a demo, and what must become of them.
///
/// @param file one message a line
/// @param seed what makes them repeatable
/// @param expected `done`, `dead` and `dead.REASON` with their numbers
record DemoMessages(Path file, long seed, Map<String, Long> expected) {
    /// The queue that the example's pool takes from.
    static final String QUEUE = "async_task_queue";

    private static final String GENERATOR = "dev.muster.examples.demo.MessageFile";

    /// Lets the generator in the example's jar write them.
    static DemoMessages write(Application example, Path file, int count, long seed) throws IOException {
        URL[] jar = {example.code().toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(jar, DemoMessages.class.getClassLoader())) {
            String[] arguments = {file.toString(), Integer.toString(count), Long.toString(seed)};
            loader.loadClass(GENERATOR).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw new IOException("the messages of the demo cannot be written to " + file, e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(GENERATOR + " in " + example.code() + " is not what it should be", e);
        }
        return new DemoMessages(file, seed, read(file.resolveSibling(file.getFileName() + ".expected")));
    }

    /// An expected number; 0 if there is none of that name.
    long number(String name) {
        return expected.getOrDefault(name, 0L);
    }

    private static Map<String, Long> read(Path file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        Map<String, Long> numbers = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            numbers.put(name, Long.parseLong(properties.getProperty(name)));
        }
        return Map.copyOf(numbers);
    }
}
