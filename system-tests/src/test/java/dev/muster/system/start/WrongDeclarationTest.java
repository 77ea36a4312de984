package dev.muster.system.start;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.system.apps.Empty;
import dev.muster.system.apps.Wrong;
import dev.muster.testkit.RunningApp;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Declarations that cannot work, and none at all.
@Timeout(60)
class WrongDeclarationTest {
    private static final String PLACE = "dev.muster.system.apps.Wrong$";

    @TempDir
    Path directory;

    @Test
    void everyOneIsNamedWithItsFix() {
        try (RunningApp app = RunningApp.of(Wrong.class, directory).packed()) {
            assertThat(app.launch().awaitExit()).isEqualTo(78);

            assertThat(app.output())
                    .contains(PLACE + "Nothing")
                    .contains("implement ProcessHandler, or add one public method run or handle")
                    .contains(PLACE + "Ambiguous")
                    .contains("annotate the method instead of the class")
                    .contains(PLACE + "Parameters.work")
                    .contains("it may take Server and ProcessContext, each at most once")
                    .contains(PLACE + "Values.run")
                    .contains("instances = 0 must be")
                    .contains("sets both interval = 100 and every = \"1s\"; keep one of them")
                    .contains(PLACE + "Puddle")
                    .contains("extends WorkerPool")
                    .contains(PLACE + "Secret.hide")
                    .contains("make it public or package-private")
                    .doesNotContain("\tat ");
            assertThat(app.runDir()).doesNotExist();
        }
    }

    @Test
    void anApplicationWithoutDeclarationsIsRefused() {
        try (RunningApp app = RunningApp.of(Empty.class, directory).packed()) {
            assertThat(app.launch().awaitExit()).isEqualTo(78);
            assertThat(app.output()).contains("nothing to run").contains("@UserProcess");
        }
    }
}
