package dev.muster.scan;

import java.util.Optional;

/// What the rules for all annotations share: checks of single values, and of the class whose objects are needed.
///
/// @param annotation its name for people, for example `@Pool`
/// @param ownFactory whether the application registers an `InstanceFactory` of its own
record Rules(String annotation, CodeSources sources, Findings findings, boolean ownFactory) {
    /// Notes an error.
    void error(String place, String wrong) {
        findings.error(place, annotation + " " + wrong);
    }

    /// Notes an error if the value was refused.
    void check(String place, String name, Object value, Optional<String> refusal) {
        if (refusal.isPresent()) {
            error(place, name + " = " + quoted(value) + " must be " + refusal.get());
        }
    }

    /// The constant of an enum value, the first one after an error if there is none of this name.
    <E extends Enum<E>> E constant(String place, AnnotationFacts annotation, String name, E otherwise) {
        String written = annotation.text(name, otherwise.name());
        for (E constant : otherwise.getDeclaringClass().getEnumConstants()) {
            if (constant.name().equals(written)) {
                return constant;
            }
        }
        error(place, name + " = " + written + " is unknown to this version; build the class against it");
        return otherwise;
    }

    /// Checks that objects of the class can be made. Without a constructor that needs no argument they can only be
    /// made by a factory, which may be given in code and is then invisible here: a warning.
    ///
    /// @return false if none can ever be made
    boolean checkObjects(String place, ClassFacts type) {
        Optional<String> obstacle = type.notInstantiable();
        if (obstacle.isPresent()) {
            error(place, "cannot work here: " + obstacle.get());
            return false;
        }
        if (!ownFactory && !type.hasNoArgumentConstructor()) {
            findings.warning(type.name() + " has no constructor without arguments: add one, or give the application an"
                    + " InstanceFactory that can make it");
        }
        return true;
    }

    private static String quoted(Object value) {
        return value instanceof String ? "\"" + value + "\"" : value.toString();
    }
}
