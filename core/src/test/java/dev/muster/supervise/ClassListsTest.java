package dev.muster.supervise;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(10)
class ClassListsTest {
    @TempDir
    private Path directory;

    @Test
    void listsOfSeveralProcessesBecomeOne() throws IOException {
        Path a = Files.writeString(directory.resolve("a"), """
            # NOTE: Do not modify this file.
            java/lang/Object id: 0
            com/acme/A id: 1
            @lambda-proxy com/acme/A run ()Ljava/lang/Runnable; ()V
            com/acme/Loaded id: 2 super: 0 source: plugin.jar
            @cp com/acme/A 1 2 3
            """);
        Path b = Files.writeString(directory.resolve("b"), """
            java/lang/Object id: 0
            com/acme/B id: 1
            @lambda-proxy com/acme/A run ()Ljava/lang/Runnable; ()V
            """);
        Path all = directory.resolve("all");
        assertThat(ClassLists.merge(List.of(a, b), all)).isEqualTo(4);
        assertThat(Files.readAllLines(all))
                .containsExactly(
                        "java/lang/Object",
                        "com/acme/A",
                        "@lambda-proxy com/acme/A run ()Ljava/lang/Runnable; ()V",
                        "com/acme/B");
    }

    @Test
    void aLineThatAKilledProcessDidNotFinishIsLeftOut() throws IOException {
        Path cut = Files.writeString(directory.resolve("cut"), "java/lang/Object id: 0\ncom/acme/Ha");
        Path all = directory.resolve("all");
        assertThat(ClassLists.merge(List.of(cut), all)).isEqualTo(1);
        assertThat(Files.readString(all)).isEqualTo("java/lang/Object\n");
    }

    @Test
    void aListThatWasNotBegunIsEmpty() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty"));
        assertThat(ClassLists.merge(List.of(empty), directory.resolve("all"))).isZero();
    }
}
