package dev.muster.scan;

import java.lang.classfile.ClassFile;
import java.util.List;
import java.util.Optional;

/// What the rules need to know of a class, as it stands in its class file.
///
/// @param name binary name, for example `com.acme.Jobs$Nightly`
/// @param simpleName as in the source; empty for an anonymous class
/// @param flags access flags
/// @param superclass internal name, empty for `Object` and modules
/// @param interfaces internal names
/// @param nesting how it stands in other classes
record ClassFacts(
        String name,
        String simpleName,
        int flags,
        String superclass,
        List<String> interfaces,
        Nesting nesting,
        List<MethodFacts> methods,
        List<AnnotationFacts> annotations) {

    /// How a class stands in other classes.
    enum Nesting {
        /// Top level, or static in its outer class: it can stand alone.
        NONE,
        /// Its objects need an object of the outer class.
        INNER,
        /// Declared inside a method, or anonymous.
        LOCAL
    }

    ClassFacts {
        interfaces = List.copyOf(interfaces);
        methods = List.copyOf(methods);
        annotations = List.copyOf(annotations);
    }

    boolean is(int flag) {
        return (flags & flag) != 0;
    }

    /// Why no object of this class can be made, with the fix; empty if one can.
    Optional<String> notInstantiable() {
        if (is(ClassFile.ACC_ANNOTATION) || is(ClassFile.ACC_INTERFACE)) {
            return Optional.of("an interface has no objects; put the annotation on a class");
        }
        if (is(ClassFile.ACC_ENUM)) {
            return Optional.of("an enum has no new objects; put the annotation on an ordinary class");
        }
        if (is(ClassFile.ACC_ABSTRACT)) {
            return Optional.of("the class is abstract; put the annotation on a concrete subclass");
        }
        return switch (nesting) {
            case NONE -> Optional.empty();
            case INNER ->
                Optional.of("the class is an inner class without static; make it static, or a class of its own");
            case LOCAL -> Optional.of("the class is declared inside a method; make it a class of its own");
        };
    }

    boolean hasNoArgumentConstructor() {
        for (MethodFacts method : methods) {
            if (method.name().equals("<init>") && method.descriptor().equals("()V")) {
                return true;
            }
        }
        return false;
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
