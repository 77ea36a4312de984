package dev.muster.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.OnError;
import dev.muster.PipeType;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.Scope;
import dev.muster.scan.Declaration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class TitlesTest {
    @Test
    void aUserProcessShowsItsNameWithItsNumber() {
        Declaration ticker = new Declaration.User(
                "Ticker",
                "com.acme.Ticker",
                "run",
                200,
                true,
                2,
                OnError.CONTINUE,
                RestartPolicy.ALWAYS,
                0,
                true,
                Scope.NODE,
                PipeType.NONE,
                false);
        assertThat(Titles.of(Role.USER, "Ticker#2", ticker, 812)).isEqualTo("java_user_proc:Ticker#2");
    }

    @Test
    void taskWorkersAreNumberedFromZero() {
        Declaration tasks = new Declaration.Workers(Role.TASK, "task", "", "", 4, 1, 300_000, "default", "");
        assertThat(Titles.of(Role.TASK, "task#1", tasks, 812)).isEqualTo("java_task_worker:0");
        assertThat(Titles.of(Role.TASK, "task#4", tasks, 812)).isEqualTo("java_task_worker:3");
        assertThat(Titles.of(Role.TASK, "task", tasks, 812)).isEqualTo("java_task_worker:0");
    }

    @Test
    void theConsoleHasAPlainTitle() {
        Declaration console = new Declaration.Console("console", "127.0.0.1", 8081);
        assertThat(Titles.of(Role.CONSOLE, "console", console, 812)).isEqualTo("java_console");
    }

    @Test
    void aPoolWorkerShowsPrefixPoolAndPid() {
        Declaration pool =
                new Declaration.Workers(Role.POOL, "asynctask", "com.acme.AsyncTask", "xes_", 20, 1, 10_000, "q", "");
        assertThat(Titles.of(Role.POOL, "asynctask#7", pool, 812)).isEqualTo("xes_asynctask:work_xes_812");
    }
}
