package dev.muster.scan;

import java.lang.classfile.ClassFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A class with its superclasses and superinterfaces, as far as they lie in the scanned places.
///
/// @param ancestors the class itself, its superclasses upwards, then all interfaces
/// @param unseen internal names of ancestors that lie elsewhere
record Hierarchy(List<ClassFacts> ancestors, Set<String> unseen) {

    static Hierarchy of(ClassFacts type, CodeSources sources) {
        List<ClassFacts> ancestors = new ArrayList<>();
        Set<String> unseen = new HashSet<>();
        Set<String> visited = new HashSet<>();
        List<String> interfaces = new ArrayList<>();
        Optional<ClassFacts> next = Optional.of(type);
        while (next.isPresent() && visited.add(next.get().name())) {
            ClassFacts current = next.get();
            ancestors.add(current);
            interfaces.addAll(current.interfaces());
            next = sources.find(current.superclass());
            if (next.isEmpty()) {
                unseen.add(current.superclass());
            }
        }
        for (int i = 0; i < interfaces.size(); i++) {
            Optional<ClassFacts> found = sources.find(interfaces.get(i));
            if (found.isEmpty()) {
                unseen.add(interfaces.get(i));
            } else if (visited.add(found.get().name())) {
                ancestors.add(found.get());
                interfaces.addAll(found.get().interfaces());
            }
        }
        return new Hierarchy(ancestors, unseen);
    }

    /// Whether it is a subtype of the type with this internal name.
    boolean reaches(String internalName) {
        String name = internalName.replace('/', '.');
        for (ClassFacts type : ancestors) {
            if (type.name().equals(name)) {
                return true;
            }
        }
        return unseen.contains(internalName);
    }

    /// The public instance methods of this name that an object of the class has, inherited ones included.
    List<MethodFacts> publicMethods(String name) {
        Map<String, MethodFacts> found = new LinkedHashMap<>();
        for (ClassFacts type : ancestors) {
            for (MethodFacts method : type.methods()) {
                boolean instance = method.is(ClassFile.ACC_PUBLIC) && !method.is(ClassFile.ACC_STATIC);
                if (instance && method.name().equals(name)) {
                    // a bridge is not counted, but hides the method that it overrides
                    found.putIfAbsent(method.descriptor(), method);
                }
            }
        }
        List<MethodFacts> written = new ArrayList<>(found.values());
        written.removeIf(method -> !method.written());
        return written;
    }

    /// A hint for the case that something is missing which an ancestor from elsewhere might have, else empty.
    String unseenHint() {
        for (String name : unseen) {
            boolean ours = name.isEmpty() || name.startsWith("java/") || name.startsWith("dev/muster/");
            if (!ours) {
                return " (if " + name.replace('/', '.') + " has it: name its jar in app.scan)";
            }
        }
        return "";
    }
}
