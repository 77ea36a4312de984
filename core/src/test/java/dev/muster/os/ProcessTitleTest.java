package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ProcessTitleTest {
    @Test
    void isAllThatIsSeenOfTheCommandLine() throws Exception {
        try (Child child = Child.jvm("title", "java_user_proc:DataSyncProcess")) {
            assertThat(child.line()).isEqualTo("set true");
            assertThat(ProcFs.cmdline(child.pid)).containsExactly("java_user_proc:DataSyncProcess");
            assertThat(Files.readString(Path.of("/proc/" + child.pid + "/comm")))
                    .isEqualTo("DataSyncProcess\n");
            assertThat(ProcFs.stat(child.pid).orElseThrow().comm()).isEqualTo("DataSyncProcess");
            assertThat(ProcFs.environment(child.pid, "PATH")).hasValue(System.getenv("PATH"));
        }
    }

    @Test
    void aShorterOneLeavesNothingOfTheLongerOne() {
        try (Child child = Child.jvm("title", "x".repeat(100_000), "java_master:shop\nü")) {
            assertThat(child.line()).isEqualTo("set true");
            assertThat(child.line()).isEqualTo("set true");
            assertThat(ProcFs.cmdline(child.pid)).containsExactly("java_master:shop ü");
        }
    }

    @Test
    void oneThatIsTooLongIsCutBeforeTheEnvironment() {
        try (Child child = Child.jvm("longTitle", "100000")) {
            int room = String.join(" ", Child.probe("longTitle", "100000")).length();
            assertThat(child.line()).isEqualTo("set true");
            assertThat(ProcFs.cmdline(child.pid)).containsExactly("x".repeat(room));
            assertThat(ProcFs.environment(child.pid, "PATH")).hasValue(System.getenv("PATH"));
        }
    }

    @Test
    void theShortFormKeepsWhatDistinguishes() {
        assertThat(ProcessTitle.comm("java_user_proc:DataSyncProcess")).isEqualTo("DataSyncProcess");
        assertThat(ProcessTitle.comm("java_task_worker:0")).isEqualTo("task_worker:0");
        assertThat(ProcessTitle.comm("java_console")).isEqualTo("java_console");
        assertThat(ProcessTitle.comm("xes_asynctask:work_xes_12345")).isEqualTo("work_xes_12345");
        assertThat(ProcessTitle.comm("java_user_proc:AVeryLongProcessName#2")).isEqualTo("AVeryLongProces");
        assertThat(ProcessTitle.comm("aVeryLongNameWithColon:")).isEqualTo("aVeryLongNameWi");
    }

    @Test
    void cutsBetweenCharacters() {
        assertThat(cut("aüb", 2)).isEqualTo("a");
        assertThat(cut("aüb", 3)).isEqualTo("aü");
        assertThat(cut("a😀b", 4)).isEqualTo("a");
        assertThat(cut("a😀b", 5)).isEqualTo("a😀");
        assertThat(cut("abc", 0)).isEmpty();
    }

    private static String cut(String text, int room) {
        return new String(ProcessTitle.cut(text, room), StandardCharsets.UTF_8);
    }
}
