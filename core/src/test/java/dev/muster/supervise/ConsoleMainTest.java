package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ConsoleMainTest {
    @Test
    void theClassThatAConsoleIsStartedWithIsThere() throws ReflectiveOperationException {
        Class<?> main = Class.forName(ChildCommand.CONSOLE_MAIN);
        assertThat(main.getMethod("main", String[].class).getModifiers() & Modifier.STATIC)
                .isNotZero();
    }
}
