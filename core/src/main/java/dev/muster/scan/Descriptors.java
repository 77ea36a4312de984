package dev.muster.scan;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/// Method descriptors for people.
final class Descriptors {
    /// Is given by the worker, not by the message.
    static final String CONTEXT = "Ldev/muster/task/TaskContext;";

    private Descriptors() {}

    /// The types of the parameters that a message must give, with their simple names.
    static List<String> ofMessage(String descriptor) {
        List<String> names = new ArrayList<>();
        for (ClassDesc parameter : MethodTypeDesc.ofDescriptor(descriptor).parameterList()) {
            if (!parameter.descriptorString().equals(CONTEXT)) {
                names.add(parameter.displayName());
            }
        }
        return names;
    }

    /// The parameter types with their simple names, for example `String, long[]`.
    static String parameters(String descriptor) {
        List<String> names = new ArrayList<>();
        for (ClassDesc parameter : MethodTypeDesc.ofDescriptor(descriptor).parameterList()) {
            names.add(parameter.displayName());
        }
        return String.join(", ", names);
    }
}
