package dev.muster.task;

import java.lang.reflect.MalformedParameterizedTypeException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;

/// The parameters of a task method that its messages give: all but a [TaskContext].
///
/// @param parameters in their order
/// @param contextAt the place of the context among all parameters, -1 if the method takes none
record MessageParameters(Method method, List<Parameter> parameters, int contextAt) {
    private static final String CONTEXT = TaskContext.class.descriptorString();

    static MessageParameters of(Method method) {
        List<Parameter> found = new ArrayList<>();
        int contextAt = -1;
        Parameter[] all = method.getParameters();
        for (int i = 0; i < all.length; i++) {
            if (all[i].getType() == TaskContext.class) {
                contextAt = i;
            } else {
                found.add(all[i]);
            }
        }
        return new MessageParameters(method, found, contextAt);
    }

    /// How many there are.
    int count() {
        return parameters.size();
    }

    /// How many parameters the messages of a method with this descriptor give.
    static int count(String descriptor) {
        int count = 0;
        for (int i = 1; i < descriptor.length() && descriptor.charAt(i) != ')'; i++) {
            int context = descriptor.startsWith(CONTEXT, i) ? 1 : 0;
            while (descriptor.charAt(i) == '[') {
                i++;
            }
            if (descriptor.charAt(i) == 'L') {
                i = descriptor.indexOf(';', i);
            }
            count += 1 - context;
        }
        return count;
    }

    /// The method with these parameters, for people.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(method.getDeclaringClass().getName())
                .append('.')
                .append(method.getName())
                .append('(');
        for (Parameter parameter : parameters) {
            text.append(text.charAt(text.length() - 1) == '(' ? "" : ", ").append(type(parameter));
        }
        return text.append(')').toString();
    }

    /// The type of a parameter, for people; without its type arguments where they cannot be loaded.
    static String type(Parameter parameter) {
        try {
            return parameter.getParameterizedType().getTypeName();
        } catch (TypeNotPresentException | MalformedParameterizedTypeException | LinkageError _) {
            return parameter.getType().getTypeName();
        }
    }
}
