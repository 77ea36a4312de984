package dev.muster.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.OnError;
import dev.muster.RestartPolicy;
import dev.muster.Role;
import dev.muster.Scope;
import dev.muster.scan.Declaration.User;
import dev.muster.scan.Declaration.Workers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(20)
class ProcessMapJsonTest {
    @Test
    void holdsEveryValueWithItsType() {
        ProcessMap map = new ProcessMap(
                "app.Main",
                List.of(
                        new Workers(Role.POOL, "mail", "app.Mail", "xes_", 4, 10_000, "q", "m.log"),
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
                                Scope.NODE)),
                List.of(new TaskDeclaration("r", "app.R", "go", "(J)V", true, "q", 5, 3, "DEAD")),
                List.of(new ScheduleDeclaration("n", "r", "q", "@daily", 0, "Europe/Berlin", "ALL", "[1]", true)),
                List.of("a \"quoted\" warning"));
        JsonNode expected = JsonMapper.shared().readTree("""
            {"main":"app.Main",
             "processes":[
              {"name":"mail","role":"pool","class":"app.Mail","prefix":"xes_","instances":4,"heartbeat":10000,
               "queue":"q","log":"m.log"},
              {"name":"T","role":"user","class":"app.T","method":"run","interval":200,"virtualThreads":false,
               "instances":2,"onError":"STOP","restart":"NEVER","runTimeout":9,"reloadable":true,"scope":"NODE"}],
             "tasks":[{"name":"r","class":"app.R","method":"go","descriptor":"(J)V","static":true,"queue":"q",
               "timeout":5,"attempts":3,"onCrash":"DEAD"}],
             "schedules":[{"name":"n","task":"r","queue":"q","cron":"@daily","every":0,"zone":"Europe/Berlin",
               "missed":"ALL","param":"[1]","enabled":true}],
             "warnings":["a \\"quoted\\" warning"]}
            """);
        String json = ProcessMapJson.write(map);
        assertThat(JsonMapper.shared().readTree(json)).isEqualTo(expected);
        assertThat(json).endsWith("}\n").contains("\n  \"processes\"");
    }

    @Test
    void anEmptyMap() {
        String json = ProcessMapJson.write(new ProcessMap("M", List.of(), List.of(), List.of(), List.of()));
        assertThat(JsonMapper.shared().readTree(json).get("processes").isEmpty())
                .isTrue();
    }

    @Test
    void declarationsTravelAsTextAndComeBack() {
        Declaration pool = new Workers(Role.POOL, "mail", "app.Mail", "xes_", 4, 10_000, "q", "m.log");
        Declaration user =
                new User("T", "app.T", "run", 200, false, 2, OnError.STOP, RestartPolicy.NEVER, 9, true, Scope.NODE);
        TaskDeclaration task = new TaskDeclaration("r", "app.R", "go", "(J)V", true, "q", 5, 3, "DEAD");
        assertThat(Declaration.of(pool.toMap())).isEqualTo(pool);
        assertThat(Declaration.of(user.toMap())).isEqualTo(user);
        assertThat(TaskDeclaration.of(task.toMap())).isEqualTo(task);
        ScheduleDeclaration schedule = new ScheduleDeclaration("n", "r", "q", "", 60_000, "", "SKIP", "[1]", false);
        assertThat(ScheduleDeclaration.of(schedule.toMap())).isEqualTo(schedule);
    }
}
