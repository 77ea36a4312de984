package dev.muster.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.config.Settings;
import dev.muster.config.SettingsLoader;
import dev.muster.control.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What `packaging/` says agrees with the defaults, the exit codes and the distribution folder.
@Timeout(30)
class PackagingTest {
    private static final String LAUNCHER = "/opt/muster/muster";
    /// What the kernel may take to kill, at the end of a stop: see the limits of supervision.
    private static final long KILL_MILLIS = 10_000;
    /// So long the console waits for the master.
    private static final long CONSOLE_MILLIS = 2_000;

    private static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("packaging"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new AssertionError("no packaging folder above " + Path.of("").toAbsolutePath());
        }
        return directory;
    }

    private static String read(String file) throws IOException {
        return Files.readString(root().resolve(file));
    }

    private static Settings settings(Map<String, String> environment) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("HOME", "/nonexistent");
        return SettingsLoader.load("Shop", null, all, List.of());
    }

    private static long stopMillis(Settings settings) {
        return settings.millis("limits.shutdownDelay") + settings.millis("limits.stop") + KILL_MILLIS;
    }

    /// Who changes one of them and runs `./muster` must not try the old code.
    @Test
    void theLauncherLooksAtTheSourcesOfAllThatTheDistributionHolds() throws IOException {
        String pom = read("console/pom.xml");
        Matcher modules = Pattern.compile("<groupId>dev\\.muster</groupId>\\s*<artifactId>([a-z-]+)</artifactId>")
                .matcher(pom.substring(pom.indexOf("<dependencies>")));
        Matcher looked = Pattern.compile("find pom\\.xml ([a-z -]+)").matcher(read("muster"));
        assertThat(looked.find()).isTrue();
        List<String> names = List.of(looked.group(1).strip().split(" ", -1));
        assertThat(modules.results().map(module -> module.group(1)))
                .hasSizeGreaterThan(3)
                .allSatisfy(module -> assertThat(names).contains(module));
        assertThat(names).contains("broker-sql", "console", "examples");
    }

    @Nested
    class TheUnit {
        private final Map<String, List<String>> unit = parse();

        private static Map<String, List<String>> parse() {
            Map<String, List<String>> values = new TreeMap<>();
            try {
                for (String line :
                        read("packaging/systemd/muster@.service").lines().toList()) {
                    int equals = line.indexOf('=');
                    if (!line.startsWith("#") && equals > 0) {
                        values.computeIfAbsent(line.substring(0, equals), _ -> new ArrayList<>())
                                .add(line.substring(equals + 1)
                                        .replace("%i", "shop")
                                        .replace("%t", "/run")
                                        .replace("%S", "/var/lib"));
                    }
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return values;
        }

        private String value(String key) {
            assertThat(unit).as("the unit").containsKey(key);
            return unit.get(key).getFirst();
        }

        private Settings configured() {
            Map<String, String> environment = new HashMap<>();
            for (String set : unit.get("Environment")) {
                int equals = set.indexOf('=');
                environment.put(set.substring(0, equals), set.substring(equals + 1));
            }
            return settings(environment);
        }

        @Test
        void itsTimesAreLongerThanOurs() {
            Settings settings = configured();
            assertThat(Long.parseLong(value("TimeoutStopSec")) * 1_000).isGreaterThan(stopMillis(settings));
            assertThat(Long.parseLong(value("TimeoutStartSec")) * 1_000)
                    .isGreaterThan(2 * settings.millis("limits.boot"));
            assertThat(Long.parseLong(value("WatchdogSec")) * 1_000).isGreaterThan(settings.millis("limits.silence"));
        }

        @Test
        void itRestartsExceptWhereNothingCanGetBetter() {
            assertThat(value("Restart")).isEqualTo("always");
            List<String> prevented = List.of(value("RestartPreventExitStatus").split(" ", -1));
            assertThat(prevented)
                    .containsExactlyInAnyOrderElementsOf(Stream.of(
                                    ExitCode.USAGE,
                                    ExitCode.ALREADY_RUNNING,
                                    ExitCode.PERMISSION,
                                    ExitCode.CONFIGURATION)
                            .map(code -> Integer.toString(code.number()))
                            .toList());
        }

        @Test
        void theMasterIsTheMainProcessAndItsChildrenAreItsOwnBusiness() {
            assertThat(value("Type")).isEqualTo("notify");
            assertThat(value("NotifyAccess")).isEqualTo("main");
            assertThat(value("KillMode")).isEqualTo("mixed");
            assertThat(value("OOMPolicy")).isEqualTo("continue");
            assertThat(value("Delegate")).isEqualTo("yes");
            assertThat(value("ExecStart")).isEqualTo(LAUNCHER + " run /opt/shop/shop.jar");
        }

        @Test
        void itsDirectoriesAreThoseOfTheConfiguration() {
            Settings settings = configured();
            assertThat(settings.appName()).isEqualTo("shop");
            assertThat(settings.runDir()).isEqualTo(Path.of("/run").resolve(value("RuntimeDirectory")));
            assertThat(settings.dataDir()).isEqualTo(Path.of("/var/lib").resolve(value("StateDirectory")));
            assertThat(value("RuntimeDirectoryPreserve"))
                    .as("the board of a crashed master is read by the next")
                    .isEqualTo("yes");
        }
    }

    @Nested
    class TheContainer {
        private final String file = text();

        private static String text() {
            try {
                return read("packaging/container/Containerfile").replace("\\\n", " ");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private String instruction(String pattern) {
            Matcher matcher = Pattern.compile("(?m)^" + pattern).matcher(file);
            assertThat(matcher.find()).as(pattern).isTrue();
            return matcher.group(1);
        }

        private static List<String> execForm(String json) {
            List<String> words = new ArrayList<>();
            new JsonMapper().readTree(json).forEach(word -> words.add(word.asString()));
            return words;
        }

        @Test
        void itsEntryPointIsTheLauncherOfTheDistributionWithoutAShell() throws IOException {
            String home = instruction("COPY target/dist (\\S+)");
            assertThat(execForm(instruction("ENTRYPOINT (\\[.*])"))).containsExactly(home + "/muster", "run");
            assertThat(home + "/muster").isEqualTo(LAUNCHER);
            assertThat(read("console/src/main/dist/assemble.sh"))
                    .as("the launcher lies at the top of the distribution")
                    .contains("cp -p \"$root/muster\" \"$new/\"");
            assertThat(execForm(instruction("CMD (\\[.*])"))).containsExactly(instruction("COPY \\$\\{APP} (\\S+)"));
        }

        @Test
        void itsConfigurationIsLegalAndItsDirectoriesBelongToItsUser() {
            Map<String, String> environment = new HashMap<>();
            for (String set : instruction("ENV (.*)").strip().split("\\s+", -1)) {
                environment.put(set.substring(0, set.indexOf('=')), set.substring(set.indexOf('=') + 1));
            }
            Settings settings = settings(environment);
            String made = instruction("RUN (.*)");
            assertThat(made).contains("chown muster:muster /run/muster /var/lib/muster");
            assertThat(settings.runDir()).hasParentRaw(Path.of("/run/muster"));
            assertThat(settings.dataDir()).hasParentRaw(Path.of("/var/lib/muster"));
            assertThat(made).contains("--uid " + instruction("USER (\\d+):"));
            assertThat(environment.get("MUSTER_JAVA_HOME")).isEqualTo("/opt/java/openjdk");
            assertThat(instruction("STOPSIGNAL (\\S+)")).isEqualTo("SIGTERM");
        }

        @Test
        void itsContextHasWhatItCopies() throws IOException {
            assertThat(read("packaging/container/Containerfile.dockerignore").lines())
                    .containsExactly("*", "!target/dist", "!*.jar");
            assertThat(instruction("ARG APP=(\\S+)")).startsWith("target/dist/examples/");
        }
    }

    @Nested
    class TheManifest {
        private final JsonNode pod = document("Deployment").at("/spec/template/spec");
        private final JsonNode container = pod.at("/containers/0");
        private final Settings settings = settings(environment());

        private static JsonNode document(String kind) {
            YAMLMapper yaml = new YAMLMapper();
            try (MappingIterator<JsonNode> documents =
                    yaml.readerFor(JsonNode.class).readValues(read("packaging/kubernetes/shop.yaml"))) {
                while (documents.hasNext()) {
                    JsonNode document = documents.next();
                    if (document.at("/kind").asString().equals(kind)) {
                        return document;
                    }
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            throw new AssertionError("no " + kind + " in the manifest");
        }

        private Map<String, String> environment() {
            Map<String, String> environment = new HashMap<>();
            container.at("/env").forEach(variable -> {
                assertThat(variable.get("value").isString())
                        .as("%s: the API takes text only", variable)
                        .isTrue();
                environment.put(
                        variable.get("name").asString(), variable.get("value").asString());
            });
            return environment;
        }

        @Test
        void theGracePeriodIsLongerThanAStop() {
            assertThat(pod.get("terminationGracePeriodSeconds").asLong() * 1_000)
                    .isGreaterThanOrEqualTo(stopMillis(settings));
            assertThat(settings.millis("limits.shutdownDelay")).isEqualTo(5_000);
        }

        @Test
        void theProbesAskTheConsole() {
            assertThat(settings.text("health.host")).isEqualTo("0.0.0.0");
            assertThat(container.at("/ports/0/name").asString()).isEqualTo("health");
            assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(settings.number("health.port"));
            Map<String, String> paths =
                    Map.of("startupProbe", "/startupz", "livenessProbe", "/livez", "readinessProbe", "/readyz");
            paths.forEach((probe, path) -> {
                JsonNode of = container.get(probe);
                assertThat(of.at("/httpGet/path").asString()).isEqualTo(path);
                assertThat(of.at("/httpGet/port").asString()).isEqualTo("health");
                assertThat(of.get("timeoutSeconds").asLong() * 1_000)
                        .as("%s waits longer than the console does for the master", probe)
                        .isGreaterThan(CONSOLE_MILLIS);
            });
            JsonNode startup = container.get("startupProbe");
            assertThat(startup.get("periodSeconds").asLong()
                            * startup.get("failureThreshold").asLong()
                            * 1_000)
                    .isGreaterThan(2 * settings.millis("limits.boot"));
        }

        @Test
        void theMemoryIsTheSumOfTheProcesses() {
            long beside = 64;
            long master = 64 + beside;
            long console = 16 + beside;
            long workers = settings.number("tasks.workers") * (heap(settings.options("task")) + beside);
            long user = 256 + beside;
            String limit = container.at("/resources/limits/memory").asString();
            assertThat(limit).isEqualTo(master + console + workers + user + "Mi");
            assertThat(container.at("/resources/requests/memory").asString()).isEqualTo(limit);
        }

        private static long heap(List<String> options) {
            assertThat(options).singleElement().asString().matches("-Xmx[0-9]+m");
            return Long.parseLong(options.getFirst().replaceAll("[^0-9]", ""));
        }

        @Test
        void itsUserMayWriteWhereItMustAndNowhereElse() throws IOException {
            long uid = pod.at("/securityContext/runAsUser").asLong();
            assertThat(read("packaging/container/Containerfile")).contains("USER " + uid + ":" + uid);
            assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean())
                    .isTrue();
            assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean())
                    .isFalse();
            Map<String, String> mounts = new HashMap<>();
            container
                    .at("/volumeMounts")
                    .forEach(mount -> mounts.put(
                            mount.get("mountPath").asString(), mount.get("name").asString()));
            List<String> volumes = new ArrayList<>();
            pod.at("/volumes").forEach(volume -> volumes.add(volume.get("name").asString()));
            assertThat(volumes).containsExactlyInAnyOrderElementsOf(mounts.values());
            assertThat(mounts)
                    .containsKeys(
                            "/tmp",
                            "/dev/shm",
                            String.valueOf(settings.runDir().getParent()),
                            String.valueOf(settings.dataDir().getParent()));
        }

        @Test
        void theQueueHasOneOwner() {
            JsonNode deployment = document("Deployment");
            assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(1);
            assertThat(deployment.at("/spec/strategy/type").asString()).isEqualTo("Recreate");
            assertThat(deployment.at("/spec/selector/matchLabels"))
                    .isEqualTo(deployment.at("/spec/template/metadata/labels"));
            assertThat(pod.at("/volumes").findValuesAsString("claimName"))
                    .containsExactly(document("PersistentVolumeClaim")
                            .at("/metadata/name")
                            .asString());
        }
    }
}
