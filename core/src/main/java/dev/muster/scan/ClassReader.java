package dev.muster.scan;

import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.InnerClassInfo;
import java.lang.classfile.constantpool.ClassEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads [ClassFacts] out of the bytes of a class file, and finds at a glance which files are worth it.
final class ClassReader {
    private static final byte[] MARK = AnnotationFacts.COMMON_BEGINNING.getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 10;

    private ClassReader() {}

    /// Whether the bytes contain the descriptor of an annotation that declares something. Cheap; a hit may be a
    /// reference of another kind.
    static boolean mayDeclare(byte[] bytes) {
        int last = bytes.length - AnnotationFacts.POOL.length();
        for (int i = HEADER; i <= last; i++) {
            if (bytes[i] == 'L' && startsWith(bytes, i, MARK) && declares(bytes, i)) {
                return true;
            }
        }
        return false;
    }

    private static boolean startsWith(byte[] bytes, int at, byte[] text) {
        for (int i = 1; i < text.length; i++) {
            if (bytes[at + i] != text[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean declares(byte[] bytes, int at) {
        int end = at + MARK.length;
        while (end < bytes.length && bytes[end] != ';' && end - at < AnnotationFacts.LONGEST) {
            end++;
        }
        int length = Math.min(end + 1, bytes.length) - at;
        return AnnotationFacts.declares(new String(bytes, at, length, StandardCharsets.US_ASCII));
    }

    /// Reads a class.
    ///
    /// @throws UnreadableClassException if the bytes are not a class file that this virtual machine can read
    static ClassFacts read(byte[] bytes) throws UnreadableClassException {
        checkVersion(bytes);
        try {
            return facts(ClassFile.of().parse(bytes));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new UnreadableClassException("the class file is damaged (" + e.getMessage() + "); build it again");
        }
    }

    private static void checkVersion(byte[] bytes) throws UnreadableClassException {
        boolean magic = bytes.length > HEADER
                && bytes[0] == (byte) 0xCA
                && bytes[1] == (byte) 0xFE
                && bytes[2] == (byte) 0xBA
                && bytes[3] == (byte) 0xBE;
        if (!magic) {
            throw new UnreadableClassException("the file is not a class file; build it again");
        }
        int major = (bytes[6] & 0xFF) << 8 | bytes[7] & 0xFF;
        int latest = ClassFile.latestMajorVersion();
        if (major > latest) {
            throw new UnreadableClassException("the class was compiled for Java " + java(major)
                    + ", this virtual machine is Java " + java(latest) + "; compile it with --release " + java(latest));
        }
    }

    private static int java(int majorVersion) {
        return majorVersion - (ClassFile.JAVA_25_VERSION - 25);
    }

    private static ClassFacts facts(ClassModel model) {
        String internal = model.thisClass().asInternalName();
        String name = internal.replace('/', '.');
        List<String> interfaces = new ArrayList<>();
        for (ClassEntry entry : model.interfaces()) {
            interfaces.add(entry.asInternalName());
        }
        List<MethodFacts> methods = new ArrayList<>();
        for (MethodModel method : model.methods()) {
            methods.add(new MethodFacts(
                    name,
                    method.methodName().stringValue(),
                    method.methodTypeSymbol().descriptorString(),
                    method.flags().flagsMask(),
                    annotations(method)));
        }
        Optional<InnerClassInfo> inner = innerClass(model, internal);
        String simple = name.substring(name.lastIndexOf('.') + 1);
        if (inner.isPresent()) {
            simple = inner.get().innerName().map(entry -> entry.stringValue()).orElse("");
        }
        return new ClassFacts(
                name,
                simple,
                model.flags().flagsMask(),
                model.superclass().map(ClassEntry::asInternalName).orElse(""),
                interfaces,
                nesting(model, inner),
                methods,
                annotations(model));
    }

    private static Optional<InnerClassInfo> innerClass(ClassModel model, String internal) {
        var attribute = model.findAttribute(Attributes.innerClasses());
        if (attribute.isPresent()) {
            for (InnerClassInfo info : attribute.get().classes()) {
                if (info.innerClass().asInternalName().equals(internal)) {
                    return Optional.of(info);
                }
            }
        }
        return Optional.empty();
    }

    private static ClassFacts.Nesting nesting(ClassModel model, Optional<InnerClassInfo> inner) {
        if (model.findAttribute(Attributes.enclosingMethod()).isPresent()) {
            return ClassFacts.Nesting.LOCAL;
        }
        boolean needsOuter = inner.isPresent() && (inner.get().flagsMask() & ClassFile.ACC_STATIC) == 0;
        return needsOuter ? ClassFacts.Nesting.INNER : ClassFacts.Nesting.NONE;
    }

    private static List<AnnotationFacts> annotations(AttributedElement element) {
        var attribute = element.findAttribute(Attributes.runtimeVisibleAnnotations());
        List<AnnotationFacts> found = new ArrayList<>();
        if (attribute.isPresent()) {
            for (Annotation annotation : attribute.get().annotations()) {
                String descriptor = annotation.className().stringValue();
                if (descriptor.equals(AnnotationFacts.SCHEDULES)) {
                    found.addAll(several(annotation));
                } else if (AnnotationFacts.declares(descriptor)) {
                    found.add(new AnnotationFacts(descriptor, values(annotation)));
                }
            }
        }
        return found;
    }

    /// What stands in the annotation that the compiler puts around several of one type.
    private static List<AnnotationFacts> several(Annotation container) {
        List<AnnotationFacts> found = new ArrayList<>();
        for (AnnotationElement element : container.elements()) {
            if (element.value() instanceof AnnotationValue.OfArray array) {
                for (AnnotationValue value : array.values()) {
                    if (value instanceof AnnotationValue.OfAnnotation nested) {
                        String descriptor = nested.annotation().className().stringValue();
                        found.add(new AnnotationFacts(descriptor, values(nested.annotation())));
                    }
                }
            }
        }
        return found;
    }

    private static Map<String, Object> values(Annotation annotation) {
        Map<String, Object> values = new HashMap<>();
        for (AnnotationElement element : annotation.elements()) {
            values.put(element.name().stringValue(), value(element.value()));
        }
        return values;
    }

    private static Object value(AnnotationValue value) {
        return switch (value) {
            case AnnotationValue.OfLong number -> number.longValue();
            case AnnotationValue.OfInt number -> number.intValue();
            case AnnotationValue.OfDouble number -> number.doubleValue();
            case AnnotationValue.OfBoolean flag -> flag.booleanValue();
            case AnnotationValue.OfString text -> text.stringValue();
            case AnnotationValue.OfEnum constant -> constant.constantName().stringValue();
            case AnnotationValue.OfClass type -> binaryName(type.className().stringValue());
            case AnnotationValue.OfArray array ->
                array.values().stream().map(ClassReader::value).toList();
            default -> "";
        };
    }

    /// Of a class, from its descriptor; an array or a primitive type stays as it is.
    private static String binaryName(String descriptor) {
        return descriptor.startsWith("L")
                ? descriptor.substring(1, descriptor.length() - 1).replace('/', '.')
                : descriptor;
    }
}
