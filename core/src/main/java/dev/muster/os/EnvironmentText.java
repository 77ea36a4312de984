package dev.muster.os;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An environment in the form of `environ(7)`.
final class EnvironmentText {
    private EnvironmentText() {}

    /// @throws IllegalArgumentException if a name is empty or contains `=`
    static List<String> of(Map<String, String> environment) {
        List<String> lines = new ArrayList<>(environment.size());
        for (Map.Entry<String, String> variable : environment.entrySet()) {
            String name = variable.getKey();
            if (name.isEmpty() || name.indexOf('=') >= 0) {
                throw new IllegalArgumentException(
                        "'" + name + "' cannot be the name of an environment variable; remove or rename it");
            }
            lines.add(name + "=" + variable.getValue());
        }
        return lines;
    }
}
