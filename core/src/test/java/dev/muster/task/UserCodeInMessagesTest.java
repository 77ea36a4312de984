package dev.muster.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;

/// Parameters and results run code of the application: whatever it throws is the end of one message and of no worker.
@Timeout(20)
class UserCodeInMessagesTest {
    private final TaskRunner runner = runner(Jobs.class.getClassLoader());

    @ParameterizedTest
    @CsvSource({
        "null, NullPointerException: no such thing",
        "state, IllegalStateException: not open",
        "argument, IllegalArgumentException: odd",
        "assertion, AssertionError: never",
        "error, Error: a kind of its own",
        "checked, IOException: gone",
        "overflow, StackOverflowError",
        "initialiser, Error",
        "initialiser, NoClassDefFoundError",
        "silent, BadMessage"
    })
    void whatADeserializerThrowsBuriesTheMessage(String what, String said) {
        Outcome.Dead dead = hopeless(runner, "takes", '"' + what + '"');

        assertThat(dead.reason()).isEqualTo(DeadReason.BAD_PARAMETERS);
        assertThat(dead.detail())
                .contains(said)
                .contains("parameter 1", "Jobs.takes(")
                .hasSizeLessThan(1000);
    }

    @Test
    void aTypeThatIsNotThereBuriesTheMessage() {
        Outcome.Dead dead = hopeless(runner(new WithoutMissing()), "lists", "[{}]");

        assertThat(dead.reason()).isEqualTo(DeadReason.BAD_PARAMETERS);
        assertThat(dead.detail()).contains("Missing").contains("Jobs.lists(java.util.List)");
    }

    @ParameterizedTest
    @CsvSource({"assertion", "overflow", "initialiser", "state"})
    void aResultThatCannotBeWrittenIsNotKept(String what) {
        TaskRunner.Work work = (TaskRunner.Work) SampleTasks.prepared(runner, claim("returns", '"' + what + '"'));

        assertThat(runner.run(work))
                .isInstanceOfSatisfying(
                        Outcome.Done.class, done -> assertThat(done.result()).isEmpty());
    }

    private static Outcome.Dead hopeless(TaskRunner runner, String method, String param) {
        return ((TaskRunner.Hopeless) SampleTasks.prepared(runner, claim(method, param))).outcome();
    }

    private static Claim claim(String method, String param) {
        return new Claim("id", 1, "q", "{\"task\":\"" + method + "\",\"param\":[" + param + "]}", 0, 0, false);
    }

    private static TaskRunner runner(ClassLoader loader) {
        List<TaskDeclaration> tasks = Arrays.stream(Jobs.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Task.class))
                .map(UserCodeInMessagesTest::declaration)
                .toList();
        TaskRunner.Results kept = new TaskRunner.Results() {
            @Override
            public Duration keep() {
                return Duration.ofHours(1);
            }

            @Override
            public void progress(Claim claim, String json) {}
        };
        return new TaskRunner(
                new TaskCatalog(tasks, OnCrash.RETRY, 1 << 20, loader),
                Instances.constructor(),
                300_000,
                TaskRunner.Interrupts.IGNORED,
                kept);
    }

    private static TaskDeclaration declaration(Method method) {
        String descriptor = MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                .descriptorString();
        return new TaskDeclaration(
                method.getName(), Jobs.class.getName(), method.getName(), descriptor, true, "", 0, 1, "");
    }

    @SuppressWarnings({"UnusedMethod", "DoNotCallSuggester"})
    static final class Jobs {
        private Jobs() {}

        @Task
        static void takes(Odd odd) {
            throw new IllegalStateException("never called with " + odd);
        }

        @Task
        static void lists(List<Missing> missing) {
            throw new IllegalStateException("never called with " + missing);
        }

        @Task
        static Answer returns(String what) {
            return new Answer(what);
        }
    }

    /// Not to be found by [WithoutMissing].
    static final class Missing {}

    @JsonDeserialize(using = OddReader.class)
    record Odd(String what) {}

    static final class Answer {
        private final String what;

        Answer(String what) {
            this.what = what;
        }

        public Odd getOdd() {
            return thrown(what);
        }
    }

    static final class OddReader extends ValueDeserializer<Odd> {
        @Override
        public Odd deserialize(JsonParser parser, DeserializationContext context) {
            return thrown(parser.getString());
        }
    }

    static final class Uninitialised {
        static final Optional<Odd> ODD = Optional.of(thrown("state"));

        private Uninitialised() {}
    }

    static final class BadMessage extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no message either");
        }
    }

    private static Odd thrown(String what) {
        return switch (what) {
            case "null" -> throw new NullPointerException("no such thing");
            case "state" -> throw new IllegalStateException("not open");
            case "argument" -> throw new IllegalArgumentException("odd");
            case "assertion" -> throw new AssertionError("never");
            case "error" -> throw new Error("a kind of its own");
            case "checked" -> throw UserCodeInMessagesTest.<RuntimeException>unchecked(new IOException("gone"));
            case "overflow" -> thrown(what);
            case "initialiser" -> Uninitialised.ODD.orElseThrow();
            default -> throw new BadMessage();
        };
    }

    /// As a language without checked exceptions throws one.
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /// Loads the tasks anew, and does not find one of their types.
    private static final class WithoutMissing extends ClassLoader {
        WithoutMissing() {
            super(Jobs.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.equals(Missing.class.getName())) {
                throw new ClassNotFoundException(name);
            }
            if (!name.equals(Jobs.class.getName())) {
                return super.loadClass(name, resolve);
            }
            String file = name.replace('.', '/') + ".class";
            try (InputStream in = getParent().getResourceAsStream(file)) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
