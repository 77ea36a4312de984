package dev.muster.scan;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/// Method descriptors for people.
final class Descriptors {
    private Descriptors() {}

    /// How many parameters there are.
    static int count(String descriptor) {
        return MethodTypeDesc.ofDescriptor(descriptor).parameterCount();
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
