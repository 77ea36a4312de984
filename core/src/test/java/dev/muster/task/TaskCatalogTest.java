package dev.muster.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.scan.RetryRule;
import dev.muster.scan.TaskDeclaration;
import dev.muster.task.Broker.Claim;
import dev.muster.task.Broker.CrashPolicy.Terms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(20)
@ResourceLock("calls of SampleTasks")
class TaskCatalogTest {
    private static final String SAMPLES = SampleTasks.class.getName();
    private final TaskCatalog catalog = SampleTasks.catalog();

    @BeforeEach
    void forgetOthers() {
        SampleTasks.CALLS.clear();
    }

    @AfterEach
    void nothingRan() {
        assertThat(SampleTasks.CALLS).isEmpty();
    }

    private Resolved resolve(String json) {
        return switch (catalog.parse(json)) {
            case TaskMessage message -> catalog.resolve(message);
            case Refused refused -> refused;
        };
    }

    private List<Object> arguments(String json) {
        Resolved resolved = resolve(json);
        assertThat(resolved).as("%s", resolved).isInstanceOf(Call.class);
        return java.util.Arrays.asList(((Call) resolved).bound());
    }

    private Refused refused(String json) {
        Resolved resolved = resolve(json);
        assertThat(resolved).isInstanceOf(Refused.class);
        return (Refused) resolved;
    }

    private static String call(String method, String param) {
        return "{\"class\":\"" + SAMPLES + "\",\"method\":\"" + method + "\",\"param\":" + param + "}";
    }

    @Test
    void mapsTheClassesOfProducersByConfigurationOrByTheNameOfATask() {
        TaskDeclaration named = new TaskDeclaration(
                "App.Jobs.Mail.send", SampleTasks.class.getName(), "nothing", "()V", true, "", 0, 1, "");
        List<TaskDeclaration> tasks = new ArrayList<>(SampleTasks.declarations());
        tasks.add(named);
        TaskCatalog mapped = new TaskCatalog(
                tasks,
                OnCrash.RETRY,
                RetryRule.NONE.resolved(200, 30_000),
                1 << 20,
                SampleTasks.class.getClassLoader(),
                Map.of("App.Jobs.Sum", SAMPLES));

        assertThat(mapped.declaration(
                        message("{\"class\":\"\\\\App\\\\Jobs\\\\Sum\",\"method\":\"sum\",\"param\":[1,2]}")))
                .isNotNull()
                .extracting(TaskDeclaration::name)
                .isEqualTo("sum");
        assertThat(mapped.declaration(message("{\"class\":\"App\\\\Jobs\\\\Mail\",\"method\":\"send\"}")))
                .isEqualTo(named);
        assertThat(mapped.declaration(message("{\"class\":\"App\\\\Jobs\\\\Mail\",\"method\":\"other\"}")))
                .isNull();
    }

    private static TaskMessage message(String json) {
        return (TaskMessage) TaskMessage.parse(json, 1 << 20);
    }

    @Test
    void findsATaskByItsNameAndByItsMethod() {
        assertThat(arguments("{\"task\":\"sum\",\"param\":[1,2]}")).containsExactly(1L, 2);
        assertThat(arguments(call("sum", "[1,2]"))).containsExactly(1L, 2);
        assertThat(arguments("{\"task\":\"" + SAMPLES + ".nothing\"}")).isEmpty();
        assertThat(arguments("{\"class\":\"" + SAMPLES + "$Mailer\",\"method\":\"send\",\"param\":[\"x\"]}"))
                .hasSize(1);
        assertThat(arguments("{\"class\":\"" + SAMPLES + ".Mailer\",\"method\":\"send\",\"param\":[\"x\"]}"))
                .hasSize(1);
        assertThat(arguments("{\"class\":\"\\\\" + SAMPLES.replace(".", "\\\\") + "\",\"method\":\"nothing\"}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"[\"1\",\"2\"]", "[1.0,2.0]", "{\"0\":1,\"2\":2}", "{\"b\":2,\"a\":1}", "[1e0,\"2\"]"})
    void takesParametersAsPhpWritesThem(String param) {
        assertThat(arguments(call("sum", param))).containsExactly(1L, 2);
    }

    @Test
    void bindsGenericTypes() {
        assertThat(arguments(call("shapes", "[[1,2.0,\"3\"],{\"k\":4.0},{\"sku\":\"s\",\"count\":2.0},1,1]")))
                .containsExactly(List.of(1L, 2L, 3L), Map.of("k", 4), new SampleTasks.Order("s", 2), 1.0, true);
    }

    @Test
    void choosesAnOverloadByTheNumberOfParameters() {
        assertThat(arguments(call("one", "[\"a\"]"))).containsExactly("a");
        assertThat(arguments(call("one", "[\"a\",\"b\"]"))).containsExactly("a", "b");
        assertThat(refused(call("one", "[]")).reason()).isEqualTo(DeadReason.BAD_PARAMETERS);
    }

    @Test
    void theContextIsNoParameterOfTheMessage() {
        assertThat(arguments(call("tells", "[1,2]"))).containsExactly(1L, 2);
        assertThat(arguments(call("tells", "{\"b\":2,\"a\":1}"))).containsExactly(1L, 2);
        Call call = (Call) resolve(call("tells", "[1,2]"));
        RunningTask context =
                new RunningTask(new Claim("id", 1, "q", "{}", 0, 0, false), 1000, TaskRunner.Results.NONE);
        assertThat(call.arguments(context)).containsExactly(1L, context, 2);
        assertThat(arguments(call("either", "[1]")))
                .as("an overload without it")
                .containsExactly(1L);
        assertThat(arguments(call("either", "[1,2]"))).as("one with it").containsExactly(1L, 2L);
        assertThat(refused(call("tells", "[1]")).detail()).contains("SampleTasks.tells(long, int) takes 2");
        assertThat(refused(call("tells", "{\"a\":1,\"b\":2,\"context\":3}")).detail())
                .contains("'context'")
                .contains("has a, b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[1]; 1 parameter",
                "[1,2,3]; 3 parameters",
                "[1,\"x\"]; 'b'",
                "[1,1.5]; 1.5",
                "[1,null]; null",
                "[1,3000000000]; 3000000000",
                "[1,[2]]; int",
                "[1,\"\"]; int",
                "{\"a\":1}; lacks the parameter b",
                "{\"a\":1,\"c\":2}; 'c'",
                "[1,{\"x\":1}]; int"
            })
    void saysWhichParameterDoesNotFit(String param, String said) {
        Refused refused = refused(call("sum", param));

        assertThat(refused.reason()).isEqualTo(DeadReason.BAD_PARAMETERS);
        assertThat(refused.detail()).contains(said).contains("SampleTasks.sum(long, int)");
    }

    @Test
    void shortensAValueThatDoesNotFit() {
        assertThat(refused(call("sum", "[1,\"" + "y".repeat(5000) + "\"]")).detail())
                .hasSizeLessThan(1000);
    }

    @Test
    void tellsWhatIsUnknown() {
        assertThat(refused("{\"task\":\"nobody\"}").reason()).isEqualTo(DeadReason.UNKNOWN_TASK);
        assertThat(refused("{\"class\":\"no.Such\",\"method\":\"x\"}").reason()).isEqualTo(DeadReason.UNKNOWN_CLASS);
        assertThat(refused(call("missing", "[]")).reason()).isEqualTo(DeadReason.UNKNOWN_METHOD);
        assertThat(refused(call("notATask", "[]")).reason()).isEqualTo(DeadReason.NOT_A_TASK);
        assertThat(refused(call("hashCode", "[]")).reason()).isEqualTo(DeadReason.NOT_A_TASK);
    }

    @Test
    void doesNotTouchClassesWithoutTasks() {
        Refused own = refused("{\"class\":\"" + SAMPLES + "$NoTasks\",\"method\":\"run\"}");
        Refused system = refused("{\"class\":\"java.lang.System\",\"method\":\"exit\",\"param\":[1]}");

        assertThat(own.reason()).isEqualTo(DeadReason.UNKNOWN_CLASS);
        assertThat(own.detail()).contains("@Task");
        assertThat(system.reason()).isEqualTo(DeadReason.UNKNOWN_CLASS);
        assertThat(refused("{\"class\":\"../../etc/passwd\",\"method\":\"run\"}")
                        .reason())
                .isEqualTo(DeadReason.UNKNOWN_CLASS);
    }

    private Terms terms(String payload, int attempts) {
        return catalog.terms(new Claim("id", 1, "q", payload, attempts, 0, false));
    }

    @Test
    void hasTermsForTheTasksOfADeadWorker() {
        assertThat(terms("{\"task\":\"sum\"}", 1).again()).isEqualTo("{\"task\":\"sum\"}");
        assertThat(terms("{\"task\":\"sum\"}", 2).again()).isNull();
        assertThat(terms("{\"task\":\"sum\",\"retry\":2}", 5).again()).isEqualTo("{\"task\":\"sum\",\"retry\":1}");
        assertThat(terms("{\"task\":\"sum\",\"retry\":1}", 0).again()).isNull();
        assertThat(terms("{\"task\":\"sum\"}", 0).onCrash()).isEqualTo(OnCrash.RETRY);
        assertThat(terms(call("shapes", "[1,2,3,4,5]"), 0).onCrash()).isEqualTo(OnCrash.DEAD);
        assertThat(terms("no json", 0)).extracting(Terms::again, Terms::onCrash).containsExactly(null, OnCrash.RETRY);
    }

    @Test
    void theTermsFollowTheRulesForFailedAttempts() {
        String payload = "{\"task\":\"listed\"}";
        assertThat(terms(payload, 0).delay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(terms(payload, 7).delay()).as("the last delay repeats").isEqualTo(Duration.ofSeconds(10));
        assertThat(terms(payload, 7).again()).isEqualTo(payload);
        long longAgo = System.currentTimeMillis() - 59_000;
        assertThat(catalog.terms(new Claim("id", 1, "q", payload, 7, 0, false, longAgo))
                        .again())
                .as("its minute is over before the next attempt")
                .isNull();
        assertThat(catalog.terms(new Claim("id", 1, "q", "{\"task\":\"listed\",\"timeout\":60000}", 0, 0, false))
                        .again())
                .as("its first attempt alone took its minute")
                .isNull();
    }

    @Test
    void onCrashOfTheQueueHoldsForEveryTask() {
        TaskCatalog strict =
                new TaskCatalog(SampleTasks.declarations(), OnCrash.DEAD, 1 << 20, SampleTasks.class.getClassLoader());

        assertThat(strict.terms(new Claim("id", 1, "q", "{\"task\":\"sum\"}", 0, 0, false))
                        .onCrash())
                .isEqualTo(OnCrash.DEAD);
        assertThat(strict.terms(new Claim("id", 1, "q", "no json", 0, 0, false)).onCrash())
                .isEqualTo(OnCrash.DEAD);
    }
}
