package dev.muster.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a cache depends on, and with which options it is made. The virtual machine looks at much of this itself when
/// it maps a cache; the key makes sure of the rest.
///
/// @param key names the combination of class path, JDK and options
/// @param classPath that the cache is for
/// @param options of the virtual machine that makes it
/// @param agents whether the processes have agents, which a cache with linked classes does not go with
record CacheRecipe(String key, String classPath, List<String> options, boolean agents) {
    private static final long HEAP_TO_MAKE = 512L << 20;

    private static final Pattern OWN_CACHE = Pattern.compile(
            "-Xshare:.*|-XX:(Shared|AOT|ArchiveClasses|DumpLoaded)\\w*=.*|-XX:[+-](AutoCreateSharedArchive|AOT\\w*)");
    private static final Pattern NO_CACHE = Pattern.compile(
            "(--limit-modules|--upgrade-module-path|--patch-module)\\b.*|-Djava\\.system\\.class\\.loader=.*");
    private static final Pattern AGENT = Pattern.compile("-(javaagent|agentlib|agentpath):.*|-Xrun.*");

    /// What would make the maker do something else than make a cache.
    private static final Pattern LEFT_OUT = Pattern.compile("-(javaagent|agentlib|agentpath):.*|-Xrun.*|-Xdebug|-Xlog.*"
            + "|-Xloggc.*|-verbose.*|-XX:(OnError|OnOutOfMemoryError|HeapDump\\w*|StartFlightRecording"
            + "|FlightRecorderOptions|LogFile|ErrorFile|Flags|VMOptionsFile|NativeMemoryTracking)\\b.*"
            + "|-XX:[+-](HeapDump\\w*|CrashOnOutOfMemoryError|LogVMOutput)");

    CacheRecipe {
        options = List.copyOf(options);
    }

    /// @param vm all options of the virtual machine
    /// @param variables the options that its environment holds, empty for none
    static CacheRecipe of(Snapshot snapshot, List<String> vm, String variables) {
        boolean agents = variables.contains("-javaagent:")
                || variables.contains("-agentlib:")
                || variables.contains("-agentpath:")
                || vm.stream().anyMatch(option -> AGENT.matcher(option).matches());
        List<String> options = new ArrayList<>();
        for (String option : vm) {
            if (!LEFT_OUT.matcher(option).matches()) {
                options.add(option);
            }
        }
        if (JvmOptions.size(options, "-Xmx", "-XX:MaxHeapSize=").orElse(HEAP_TO_MAKE) < HEAP_TO_MAKE) {
            options.add("-Xmx512m");
        }
        String key = ClassPathFiles.hash(String.join(
                "\n",
                snapshot.hash(),
                property("java.home"),
                property("java.runtime.version"),
                property("java.vm.version"),
                property("java.vendor"),
                property("os.arch"),
                // Properties are for the application; the virtual machine itself compares those that matter.
                String.join(
                        "\n",
                        vm.stream().filter(option -> !option.startsWith("-D")).toList()),
                Boolean.toString(agents)));
        return new CacheRecipe(key, snapshot.classPath(), options, agents);
    }

    /// Why there can be no cache, a sentence; empty if there can.
    static Optional<String> impossible(Snapshot snapshot, List<String> vm) {
        if (!snapshot.jarsOnly()) {
            return Optional.of("the class path has a directory of classes, and the virtual machine caches those of jars"
                    + " only; put them into a jar");
        }
        for (String option : vm) {
            if (OWN_CACHE.matcher(option).matches()) {
                return Optional.of("jvm options already say what is cached (" + option + ")");
            }
            if (NO_CACHE.matcher(option).matches()) {
                return Optional.of("the virtual machine caches nothing with " + option);
            }
        }
        return Optional.empty();
    }

    private static String property(String name) {
        return System.getProperty(name, "");
    }
}
