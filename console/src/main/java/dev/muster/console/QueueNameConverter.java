package dev.muster.console;

import dev.muster.task.QueueName;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// The name of a queue on the command line.
final class QueueNameConverter implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
        try {
            return QueueName.checked(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
