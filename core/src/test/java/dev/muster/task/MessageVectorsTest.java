package dev.muster.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.scan.RetryRule;
import dev.muster.scan.TaskDeclaration;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The vectors that are published for producers and consumers of other languages.
@Timeout(20)
class MessageVectorsTest {
    private static final Path FILE = Path.of("../docs/protocol/task-message-vectors.json");

    /// The methods that the file names.
    @SuppressWarnings({"UnusedMethod", "UnusedVariable"})
    private static final class Methods {
        record Order(String sku, int count, List<String> notes) {}

        @Task(name = "com.acme.Mail.send")
        static void send(long id, String text) {}

        @Task(name = "App.Jobs.Mail.send")
        static void sendOfPhp(long id, String text) {}

        @Task(name = "com.acme.Report.build")
        static void build(String name, int pages, boolean draft) {}

        @Task(name = "com.acme.Import.rows")
        static void rows(List<Integer> rows, Map<String, String> options) {}

        @Task(name = "com.acme.Import.index")
        static void index(Map<Integer, String> byNumber) {}

        @Task(name = "com.acme.Shop.order")
        static void order(Order order) {}

        @Task(name = "cleanup")
        static void cleanup() {}
    }

    private static Stream<Arguments> cases() {
        JsonNode file = ParameterBinder.JSON.readTree(FILE.toFile());
        return file.get("cases")
                .valueStream()
                .map(vector -> Arguments.of(vector.get("name").stringValue(), vector));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void isReadAsTheFileSays(String name, JsonNode vector) {
        Parsed parsed = TaskMessage.parse(vector.get("message").stringValue(), 1 << 20);
        Resolved resolved = parsed instanceof TaskMessage message ? catalog().resolve(message) : (Refused) parsed;

        if (vector.has("dead")) {
            assertThat(resolved).isInstanceOf(Refused.class);
            assertThat(((Refused) resolved).reason())
                    .isEqualTo(DeadReason.valueOf(vector.get("dead").stringValue()));
            return;
        }
        assertThat(resolved).isInstanceOf(Call.class);
        Call call = (Call) resolved;
        assertThat(call.task().name()).isEqualTo(vector.get("calls").stringValue());
        assertThat(ParameterBinder.JSON.valueToTree(call.bound()).toString())
                .isEqualTo(vector.get("arguments").toString());
        if (vector.has("again")) {
            assertThat(((TaskMessage) parsed).retry())
                    .isEqualTo(vector.get("executions").intValue());
            assertThat(((TaskMessage) parsed).again())
                    .isEqualTo(vector.get("again").stringValue());
        }
    }

    private static TaskCatalog catalog() {
        List<TaskDeclaration> tasks = Arrays.stream(Methods.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Task.class))
                .map(MessageVectorsTest::declaration)
                .toList();
        return new TaskCatalog(tasks, OnCrash.RETRY, 1 << 20, Methods.class.getClassLoader());
    }

    private static TaskDeclaration declaration(Method method) {
        Task task = method.getAnnotation(Task.class);
        return new TaskDeclaration(
                task.name(),
                Methods.class.getName(),
                method.getName(),
                MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                        .descriptorString(),
                true,
                task.queue(),
                task.timeout(),
                task.softTimeout(),
                task.attempts(),
                task.onCrash().name(),
                RetryRule.NONE);
    }
}
