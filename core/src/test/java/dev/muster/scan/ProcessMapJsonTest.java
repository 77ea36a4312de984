package dev.muster.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.OnError;
import dev.muster.PipeType;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.Scope;
import dev.muster.scan.Declaration.User;
import dev.muster.scan.Declaration.Workers;
import dev.muster.scan.RetryRule.Then;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(20)
class ProcessMapJsonTest {
    private static final RetryRule RULE = new RetryRule(
            1_000,
            1.5,
            60_000,
            List.of(0L, 1_500L),
            3_600_000,
            Map.of(
                    "java.lang.Error", Then.DEAD,
                    "java.io.IOException", Then.DEAD,
                    "app.Gone", Then.DISCARD));
    private static final TaskDeclaration TASK =
            new TaskDeclaration("r", "app.R", "go", "(J)V", true, "q", 5, 4, 3, "DEAD", RULE);

    @Test
    void holdsEveryValueWithItsType() {
        ProcessMap map = new ProcessMap(
                "app.Main",
                List.of(
                        new Workers(Role.POOL, "mail", "app.Mail", "xes_", 4, 1, 10_000, "q", "m.log"),
                        new User(
                                "T",
                                "app.T",
                                "run",
                                200,
                                false,
                                2,
                                OnError.STOP,
                                RestartPolicy.NEVER,
                                9,
                                true,
                                Scope.NODE,
                                PipeType.DATAGRAM,
                                false)),
                List.of(TASK),
                List.of(new ScheduleDeclaration("n", "r", "q", "@daily", 0, "Europe/Berlin", "ALL", "[1]", true)),
                List.of("app.Ear"),
                List.of("a \"quoted\" warning"));
        JsonNode expected = JsonMapper.shared().readTree("""
            {"main":"app.Main",
             "processes":[
              {"name":"mail","role":"pool","class":"app.Mail","prefix":"xes_","instances":4,"concurrency":1,
               "heartbeat":10000,"queue":"q","log":"m.log"},
              {"name":"T","role":"user","class":"app.T","method":"run","interval":200,"virtualThreads":false,
               "instances":2,"onError":"STOP","restart":"NEVER","runTimeout":9,"reloadable":true,"scope":"NODE",
               "pipe":"DATAGRAM","redirectStdio":false}],
             "tasks":[{"name":"r","class":"app.R","method":"go","descriptor":"(J)V","static":true,"queue":"q",
               "timeout":5,"softTimeout":4,"attempts":3,"onCrash":"DEAD",
               "retry":{"base":"1s","factor":"1.5","cap":"1m","delays":"0ms,1500ms","within":"1h",
                 "DEAD":"java.io.IOException,java.lang.Error","DISCARD":"app.Gone"}}],
             "schedules":[{"name":"n","task":"r","queue":"q","cron":"@daily","every":0,"zone":"Europe/Berlin",
               "missed":"ALL","param":"[1]","enabled":true}],
             "listeners":["app.Ear"],
             "warnings":["a \\"quoted\\" warning"]}
            """);
        String json = ProcessMapJson.write(map);
        assertThat(JsonMapper.shared().readTree(json)).isEqualTo(expected);
        assertThat(json).endsWith("}\n").contains("\n  \"processes\"");
    }

    @Test
    void anEmptyMap() {
        String json = ProcessMapJson.write(new ProcessMap("M", List.of(), List.of(), List.of(), List.of(), List.of()));
        assertThat(JsonMapper.shared().readTree(json).get("processes").isEmpty())
                .isTrue();
    }

    @Test
    void declarationsTravelAsTextAndComeBack() {
        Declaration pool = new Workers(Role.POOL, "mail", "app.Mail", "xes_", 4, 1, 10_000, "q", "m.log");
        Declaration user = new User(
                "T",
                "app.T",
                "run",
                200,
                false,
                2,
                OnError.STOP,
                RestartPolicy.NEVER,
                9,
                true,
                Scope.NODE,
                PipeType.STREAM,
                true);
        assertThat(Declaration.of(pool.toMap())).isEqualTo(pool);
        assertThat(Declaration.of(user.toMap())).isEqualTo(user);
        assertThat(TaskDeclaration.of(TASK.toMap())).isEqualTo(TASK);
        TaskDeclaration plain = new TaskDeclaration("r", "app.R", "go", "(J)V", true, "q", 5, 3, "DEAD");
        assertThat(TaskDeclaration.of(plain.toMap())).isEqualTo(plain);
        ScheduleDeclaration schedule = new ScheduleDeclaration("n", "r", "q", "", 60_000, "", "SKIP", "[1]", false);
        assertThat(ScheduleDeclaration.of(schedule.toMap())).isEqualTo(schedule);
    }
}
