package dev.muster.concurrency;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.StateCase;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.TestInfo;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.ForkedTestConfig;
import org.openjdk.jcstress.infra.runners.Runner;
import org.openjdk.jcstress.infra.runners.SpinLoopStyle;
import org.openjdk.jcstress.infra.runners.TestList;

/// Every jcstress test for a moment, in this JVM: `concurrency-tests/run` takes its time, with JVMs of its own that
/// compile in different ways.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
public class OrderOfMemoryTest {
    private static final int MILLIS = Integer.getInteger("muster.concurrency.millis", 100);
    private static final int STRIDE_SIZE = 32;
    private static final int STRIDE_COUNT = 8;
    private static final int MEGABYTES = 64;

    static Stream<String> tests() {
        return TestList.tests().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("tests")
    void everyOutcomeIsAllowed(String test) throws Exception {
        TestInfo info = TestList.getInfo(test);
        TestResult result = run(info);
        assertThat(result.status()).describedAs("%s", result.getMessages()).isEqualTo(Status.NORMAL);
        assertThat(result.getTotalCount()).isPositive();
        Map<String, String> forbidden = new TreeMap<>();
        for (String outcome : result.getStateKeys()) {
            StateCase found = found(info, outcome);
            if (found.expect() == Expect.FORBIDDEN || found.expect() == Expect.UNKNOWN) {
                forbidden.put(outcome + ", " + result.getCount(outcome) + " times", found.description());
            }
        }
        assertThat(forbidden)
                .describedAs("of %d outcomes of %s: %s", result.getTotalCount(), test, info.description())
                .isEmpty();
    }

    @Test
    void aPlaceIsNotUsedTwiceAtTheSameTime() {
        assertThat(STRIDE_SIZE * STRIDE_COUNT).isLessThanOrEqualTo(Places.COUNT);
    }

    @ParameterizedTest
    @MethodSource("tests")
    void everyOutcomeIsExplained(String test) {
        TestInfo info = TestList.getInfo(test);
        assertThat(info.description()).isNotBlank();
        assertThat(info.cases())
                .isNotEmpty()
                .allSatisfy(outcome -> assertThat(outcome.description()).endsWith("."));
        assertThat(info.unmatched().expect()).isEqualTo(Expect.FORBIDDEN);
        assertThat(info.unmatched().description()).endsWith(".");
    }

    private static StateCase found(TestInfo info, String outcome) {
        return info.cases().stream()
                .filter(candidate -> candidate.matches(outcome))
                .findFirst()
                .orElseGet(info::unmatched);
    }

    private static TestResult run(TestInfo info) throws Exception {
        Runner<?> runner = Class.forName(info.generatedRunner())
                .asSubclass(Runner.class)
                .getConstructor(ForkedTestConfig.class)
                .newInstance(config(info.generatedRunner()));
        return runner.run();
    }

    /// What the process that forks sends to the one that runs, there is no other way to make one.
    private static ForkedTestConfig config(String runner) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(List.of(SpinLoopStyle.values()).indexOf(SpinLoopStyle.THREAD_SPIN_WAIT));
        out.writeInt(MILLIS);
        out.writeInt(1);
        out.writeUTF(runner);
        out.writeInt(MEGABYTES);
        out.writeInt(STRIDE_SIZE);
        out.writeInt(STRIDE_COUNT);
        out.writeBoolean(false);
        return new ForkedTestConfig(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    }
}
