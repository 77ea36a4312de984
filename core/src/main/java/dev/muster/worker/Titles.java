package dev.muster.worker;

import dev.muster.Role;
import dev.muster.scan.Declaration;

/// What `ps` shows for a process of each role.
final class Titles {
    private Titles() {}

    /// @param name the name of the process, with `#N` when it has siblings
    /// @param pid the process id
    static String of(Role role, String name, Declaration declaration, long pid) {
        return switch (role) {
            case USER -> "java_user_proc:" + name;
            case TASK -> "java_task_worker:" + (instance(name) - 1);
            case WEB -> "java_web_worker:" + (instance(name) - 1);
            case CONSOLE -> "java_console";
            case POOL -> {
                String prefix = declaration instanceof Declaration.Workers pool ? pool.prefix() : "";
                yield prefix + declaration.name() + ":work_" + prefix + pid;
            }
        };
    }

    /// The N of `NAME#N`, 1 without it.
    private static int instance(String name) {
        int mark = name.lastIndexOf('#');
        if (mark < 0) {
            return 1;
        }
        try {
            return Integer.parseInt(name, mark + 1, name.length(), 10);
        } catch (NumberFormatException _) {
            return 1;
        }
    }
}
