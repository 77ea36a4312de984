package dev.muster.scan;

import java.lang.classfile.ClassFile;
import java.util.List;
import java.util.Optional;

/// A method as it stands in a class file.
///
/// @param owner binary name of the class that declares it
/// @param flags access flags
record MethodFacts(String owner, String name, String descriptor, int flags, List<AnnotationFacts> annotations) {
    private static final String SERVER = "Ldev/muster/Server;";
    private static final String PROCESS = "Ldev/muster/ProcessContext;";

    MethodFacts {
        annotations = List.copyOf(annotations);
    }

    /// The method for people.
    String place() {
        return owner + "." + name;
    }

    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    /// Whether it was written by a person: no bridge, lambda or other work of the compiler.
    boolean written() {
        return !is(ClassFile.ACC_SYNTHETIC) && !is(ClassFile.ACC_BRIDGE);
    }

    /// Whether its parameters are those of a run: `Server` and `ProcessContext`, each at most once, in any order.
    boolean takesRunParameters() {
        String parameters = descriptor.substring(1, descriptor.indexOf(')'));
        return parameters.isEmpty()
                || parameters.equals(SERVER)
                || parameters.equals(PROCESS)
                || parameters.equals(SERVER + PROCESS)
                || parameters.equals(PROCESS + SERVER);
    }

    Optional<AnnotationFacts> annotation(String type) {
        for (AnnotationFacts annotation : annotations) {
            if (annotation.descriptor().equals(type)) {
                return Optional.of(annotation);
            }
        }
        return Optional.empty();
    }
}
