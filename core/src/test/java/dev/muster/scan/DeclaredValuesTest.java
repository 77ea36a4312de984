package dev.muster.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.muster.OnError;
import dev.muster.PipeType;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.Scope;
import dev.muster.config.ConfigurationError;
import dev.muster.config.ConfigurationException;
import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import dev.muster.scan.Declaration.User;
import dev.muster.scan.Declaration.Workers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DeclaredValuesTest {
    private static final User TICKER = new User(
            "Ticker",
            "app.Ticker",
            "run",
            200,
            true,
            1,
            OnError.CONTINUE,
            RestartPolicy.ALWAYS,
            0,
            true,
            Scope.NODE,
            PipeType.NONE,
            false);
    private static final User SYNC = new User(
            "Jobs.sync",
            "app.Jobs",
            "sync",
            5,
            true,
            1,
            OnError.CONTINUE,
            RestartPolicy.ALWAYS,
            0,
            true,
            Scope.NODE,
            PipeType.NONE,
            false);
    private static final Workers MAIL = new Workers(Role.POOL, "mail", "app.Mail", "", 1, 1, 10_000, "", "");
    private static final TaskDeclaration REPORT =
            new TaskDeclaration("report", "app.Reports", "daily", "()V", true, "", 0, 1, "");
    private static final TaskDeclaration ONCE =
            new TaskDeclaration("once", "app.Reports", "once", "()V", true, "q", 0, 1, "DEAD");
    private static final ProcessMap MAP = new ProcessMap(
            "app.Main", List.of(SYNC, TICKER, MAIL), List.of(ONCE, REPORT), List.of(), List.of(), warnings());

    @Test
    void withoutOverridesWhatIsDeclaredHolds() {
        ProcessMap map = apply(Map.of());
        assertThat(map.processes()).containsExactly(with("default"), SYNC, TICKER);
        assertThat(map.warnings()).isEqualTo(MAP.warnings());
        assertThat(map.mainClass()).isEqualTo("app.Main");
    }

    @Test
    void aHealthPortPutsAConsoleInFront() {
        Declaration.Console console = new Declaration.Console("console", "127.0.0.1", 8081);
        assertThat(apply(Map.of(), "health.port=8081", "tasks.workers=1").processes())
                .hasSize(5)
                .first()
                .isEqualTo(console);
        assertThat(apply(Map.of(), "health.port=8081", "health.host=0.0.0.0").processes())
                .first()
                .isEqualTo(new Declaration.Console("console", "0.0.0.0", 8081));
        assertThat(Declaration.of(console.toMap())).isEqualTo(console);
    }

    @Test
    void everyValueOfAUserProcess() {
        ProcessMap map = apply(
                Map.of(),
                "processes.Ticker.every=1m",
                "processes.Ticker.virtualThreads=false",
                "processes.Ticker.instances=4",
                "processes.Ticker.onError=restart",
                "processes.Ticker.restart=onFailure",
                "processes.Ticker.runTimeout=5s");
        assertThat(map.processes())
                .contains(new User(
                        "Ticker",
                        "app.Ticker",
                        "run",
                        60_000,
                        false,
                        4,
                        OnError.RESTART,
                        RestartPolicy.ON_FAILURE,
                        5_000,
                        true,
                        Scope.NODE,
                        PipeType.NONE,
                        false));
    }

    @Test
    void everyValueOfAPool() {
        ProcessMap map = apply(
                Map.of(),
                "pools.mail.instances=4",
                "pools.mail.heartbeat=2s",
                "pools.mail.queue=letters",
                "pools.mail.log=mail.log",
                "pools.mail.prefix=xes_",
                "pools.mail.name=post");
        assertThat(map.processes())
                .contains(new Workers(Role.POOL, "post", "app.Mail", "xes_", 4, 1, 2_000, "letters", "mail.log"));
    }

    @Test
    void theKeysOfFend() {
        ProcessMap map = apply(
                Map.of(),
                "pools.mail.pre=tal_",
                "pools.mail.logName=m.log",
                "pools.mail.processNum=20",
                "pools.mail.heartTime=30",
                "pools.mail.concurrency=5");
        assertThat(map.processes())
                .contains(new Workers(Role.POOL, "mail", "app.Mail", "tal_", 20, 5, 30_000, "default", "m.log"));
    }

    @Test
    void aSoftLimitThatTheLimitOfTheWorkersForestallsIsWarnedAbout() {
        TaskDeclaration slow =
                new TaskDeclaration("slow", "app.Reports", "slow", "()V", true, "", 0, 10_000, 1, "", RetryRule.NONE);
        TaskDeclaration own = new TaskDeclaration(
                "own", "app.Reports", "own", "()V", true, "", 20_000, 10_000, 1, "", RetryRule.NONE);
        ProcessMap map = new ProcessMap("app.Main", List.of(MAIL), List.of(own, slow), List.of(), List.of(), List.of());

        assertThat(DeclaredValues.apply(map, settings(Map.of(), "tasks.workers=1"))
                        .warnings())
                .containsExactly(
                        "the task slow is never interrupted in the workers of 'mail': its softTimeout of 10s is"
                                + " not below their limit of 10s; give the task a timeout");
        assertThat(DeclaredValues.apply(map, settings(Map.of(), "pools.mail.heartbeat=11s"))
                        .warnings())
                .isEmpty();
        assertThat(DeclaredValues.apply(map, settings(Map.of(), "pools.mail.queue=other"))
                        .warnings())
                .isEmpty();
    }

    @Test
    void theEnvironmentMeansTheNamesThatFoldAlike() {
        ProcessMap map = apply(Map.of("MUSTER_PROCESSES_JOBS_SYNC_INTERVAL", "7s", "MUSTER_POOLS_MAIL_INSTANCES", "2"));
        assertThat(map.processes()).extracting(Declaration::instances).containsExactly(2, 1, 1);
        assertThat(((User) map.processes().get(1)).intervalMillis()).isEqualTo(7_000);
    }

    @Test
    void taskWorkersComeFirstAndTakeFromTheQueueOfTheTasks() {
        ProcessMap map = apply(Map.of(), "tasks.workers=2", "tasks.queue=work");
        assertThat(map.processes())
                .containsExactly(
                        new Workers(Role.TASK, "task", "", "", 2, 1, 300_000, "work", ""), with("work"), SYNC, TICKER);
    }

    @Test
    void tasksThatSayNothingFollowTheConfiguration() {
        ProcessMap map = apply(Map.of(), "tasks.queue=work", "tasks.onCrash=DEAD");
        assertThat(map.tasks()).extracting(TaskDeclaration::queue).containsExactly("q", "work");
        assertThat(map.tasks()).extracting(TaskDeclaration::onCrash).containsExactly("DEAD", "DEAD");
        assertThat(apply(Map.of()).tasks()).extracting(TaskDeclaration::onCrash).containsExactly("DEAD", "RETRY");
    }

    @Test
    void warningsAreAboutTheValuesThatHold() {
        ProcessMap map = apply(Map.of(), "processes.Ticker.interval=0", "processes.Jobs.sync.interval=1s");
        assertThat(map.warnings()).singleElement().asString().contains("'Ticker' pauses 0ms");
    }

    @Test
    void anOverrideForNobodyIsAnError() {
        assertThat(errors(
                        Map.of(),
                        "pools.mial.instances=2",
                        "processes.billing.interval=5s",
                        "pools.Ticker.instances=2"))
                .containsExactlyInAnyOrder(
                        "pools.mial.instances = 2 (--set): no pool 'mial' is declared; declared are mail; did you mean"
                                + " pools.mail.instances?",
                        "processes.billing.interval = 5s (--set): no user process 'billing' is declared; declared are"
                                + " Jobs.sync, Ticker",
                        "pools.Ticker.instances = 2 (--set): 'Ticker' is declared, but not as a pool: use"
                                + " processes.Ticker");
    }

    @Test
    void theFileAndOptionsMustSpellNamesAsTheyAreDeclared() {
        assertThat(errors(Map.of(), "pools.Mail.instances=2"))
                .singleElement()
                .asString()
                .endsWith("did you mean pools.mail.instances?");
    }

    @Test
    void aVariableThatMeansTwoNamesIsAnError() {
        ProcessMap twice = new ProcessMap(
                "app.Main",
                List.of(MAIL, new Workers(Role.POOL, "m-ail", "app.Other", "", 1, 1, 10_000, "", "")),
                List.of(),
                List.of(),
                List.of(),
                List.of());
        ConfigurationException failure = catchThrowableOfType(
                ConfigurationException.class,
                () -> DeclaredValues.apply(twice, settings(Map.of("MUSTER_POOLS_MAIL_INSTANCES", "2"))));
        assertThat(failure).hasMessageContaining("names more than one pool: mail, m-ail; use the file or --set");
    }

    @Test
    void anotherNameMustBeFree() {
        assertThat(errors(Map.of(), "pools.mail.name=Ticker"))
                .containsExactly(
                        "pools.mail.name = Ticker (--set): must be another name: that of 'Ticker' is the same");
        assertThat(errors(Map.of(), "pools.mail.name=task"))
                .containsExactly(
                        "pools.mail.name = task (--set): must be something else, since commands take it for a role");
    }

    private static Workers with(String queue) {
        return new Workers(Role.POOL, "mail", "app.Mail", "", 1, 1, 10_000, queue, "");
    }

    private static List<String> warnings() {
        return Advice.on(List.of(SYNC));
    }

    private static ProcessMap apply(Map<String, String> environment, String... sets) {
        return DeclaredValues.apply(MAP, settings(environment, sets));
    }

    private static List<String> errors(Map<String, String> environment, String... sets) {
        return catchThrowableOfType(ConfigurationException.class, () -> apply(environment, sets)).errors().stream()
                .map(ConfigurationError::text)
                .toList();
    }

    private static Settings settings(Map<String, String> environment, String... sets) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("MUSTER_RUN_DIR", "/run/shop");
        return SettingsLoader.load("Shop", null, all, List.of(sets));
    }
}
