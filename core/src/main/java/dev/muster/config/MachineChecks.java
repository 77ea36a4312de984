package dev.muster.config;

import dev.muster.os.Affinity;
import dev.muster.os.OpenFiles;
import dev.muster.os.Priority;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Refuses limits that this machine or this user cannot keep, before a process is started that would fail by them.
final class MachineChecks {
    private MachineChecks() {}

    static void check(Map<String, Entry> values, List<ConfigurationError> errors) {
        for (String role : Keys.childRoles()) {
            cpus(values.get(key(role, "cpus")), errors);
            nice(values.get(key(role, "nice")), errors);
            openFiles(values.get(key(role, "openFiles")), errors);
            memory(values.get(key(role, "memory")), values.get(key(role, "heap")), errors);
        }
    }

    private static String key(String role, String value) {
        return Resources.SECTION + "." + role + "." + value;
    }

    private static void cpus(@Nullable Entry entry, List<ConfigurationError> errors) {
        String online = Affinity.onlineList();
        Set<Integer> known = new HashSet<>(ValueType.Processors.parse(online));
        if (entry == null || known.isEmpty()) {
            return;
        }
        List<Integer> absent = ValueType.Processors.parse(entry.value()).stream()
                .filter(cpu -> !known.contains(cpu))
                .toList();
        if (!absent.isEmpty()) {
            errors.add(entry.error("there is no processor " + absent.getFirst() + ": this machine has " + online, ""));
        }
    }

    private static void nice(@Nullable Entry entry, List<ConfigurationError> errors) {
        int lowest = entry == null ? 0 : Priority.lowest();
        if (entry != null && Integer.parseInt(entry.value()) < lowest) {
            errors.add(entry.error(
                    "must not be below " + lowest
                            + " for this user; lower ones need CAP_SYS_NICE or a higher limit (ulimit -e)",
                    ""));
        }
    }

    private static void openFiles(@Nullable Entry entry, List<ConfigurationError> errors) {
        long most = entry == null ? 0 : OpenFiles.most();
        if (entry != null && Integer.parseInt(entry.value()) > most) {
            errors.add(entry.error(
                    "must not be above " + most + ", the hard limit of this user; raise that first (ulimit -Hn)", ""));
        }
    }

    private static void memory(@Nullable Entry memory, @Nullable Entry heap, List<ConfigurationError> errors) {
        if (memory != null && heap != null && Resources.bytes(memory.value()) <= Resources.bytes(heap.value())) {
            errors.add(memory.error(
                    "must be larger than " + heap.key() + ", which is " + heap.value() + " (" + heap.origin()
                            + "): a process needs more than its heap",
                    ""));
        }
    }
}
