package dev.muster;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.channels.FileChannel;
import java.sql.Connection;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The arrows between the packages of the core, and the bans.
@Timeout(60)
class ArchitectureTest {
    private static final String API = "dev.muster";
    private static final String SUPERVISE = "dev.muster.supervise";
    private static final String WORKER = "dev.muster.worker";

    /// From the bottom to the top; a package sees its own tier and those below it.
    private static final List<List<String>> TIERS = List.of(
            List.of(API),
            List.of("dev.muster.os", "dev.muster.schedule"),
            List.of(
                    "dev.muster.board",
                    "dev.muster.memory",
                    "dev.muster.control",
                    "dev.muster.config",
                    "dev.muster.scan"),
            List.of("dev.muster.task", "dev.muster.web"),
            List.of("dev.muster.message", "dev.muster.observe", "dev.muster.probe"),
            List.of(SUPERVISE, WORKER),
            List.of("dev.muster.inline"),
            List.of("dev.muster.boot"));

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(API);

    @Test
    void everyPackageHasATier() {
        List<String> known = TIERS.stream().flatMap(List::stream).toList();
        assertThat(CORE.stream().map(JavaClass::getPackageName).distinct()).isSubsetOf(known);
    }

    @Test
    void noPackageSeesAHigherTier() {
        for (int tier = 0; tier < TIERS.size() - 1; tier++) {
            List<String> above = new ArrayList<>();
            TIERS.subList(tier + 1, TIERS.size()).forEach(above::addAll);
            noClasses()
                    .that(resideInAnyPackage(TIERS.get(tier).toArray(String[]::new)))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(above.toArray(String[]::new)))
                    .check(CORE);
        }
    }

    @Test
    void theMasterAndTheWorkerSideNeverSeeEachOther() {
        noClasses()
                .that()
                .resideInAPackage(SUPERVISE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(WORKER)
                .check(CORE);
        noClasses()
                .that()
                .resideInAPackage(WORKER)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(SUPERVISE)
                .check(CORE);
    }

    /// What `Supervisor.decide` is made of: given the same state and event it decides the same, anywhere, at any
    /// time.
    @Test
    void decisionsKnowNoClockNoThreadAndNoFile() {
        Set<JavaClass> decisions = reachable(CORE.get(SUPERVISE + ".Supervisor"));
        assertThat(decisions).extracting(JavaClass::getSimpleName).contains("Ladder", "Refill", "Reloading", "Watch");
        noClasses()
                .that(describe("decide", decisions::contains))
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "java.io..",
                        "java.nio..",
                        "java.net..",
                        "java.util.concurrent..",
                        "java.security..",
                        "dev.muster.os"))
                .orShould()
                .dependOnClassesThat(nameMatching("java\\.lang\\.Thread.*|java\\.util\\.Random"))
                .orShould()
                .callMethodWhere(describe("asks for the time or for chance", ArchitectureTest::isOfTheOutside))
                .check(CORE);
    }

    private static boolean isOfTheOutside(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        return owner.isEquivalentTo(System.class)
                || owner.isEquivalentTo(Math.class) && call.getName().equals("random");
    }

    /// The classes of the same package that a class needs, directly or through others.
    private static Set<JavaClass> reachable(JavaClass from) {
        Set<JavaClass> found = new HashSet<>(List.of(from));
        Deque<JavaClass> open = new ArrayDeque<>(found);
        while (!open.isEmpty()) {
            for (Dependency dependency : open.remove().getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass();
                if (target.getPackageName().equals(from.getPackageName()) && found.add(target)) {
                    open.add(target);
                }
            }
        }
        return found;
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.muster.(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void onlyOnePackageCallsTheOperatingSystem() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.muster.os")
                .should()
                .dependOnClassesThat(nameMatching("java\\.lang\\.foreign\\.(Linker|SymbolLookup)(\\$.*)?"))
                .orShould()
                .dependOnClassesThat(nameMatching("java\\.lang\\.(ProcessBuilder|Process)|(jdk|sun)\\.misc\\.Signal.*"))
                .orShould()
                .callMethodWhere(
                        describe("starts a process, signals one or locks a file", ArchitectureTest::isForTheOsOnly))
                .check(CORE);
    }

    private static boolean isForTheOsOnly(JavaCall<?> call) {
        JavaClass owner = call.getTargetOwner();
        return owner.isEquivalentTo(Runtime.class) && call.getName().equals("exec")
                || owner.isEquivalentTo(ProcessHandle.class) && call.getName().startsWith("destroy")
                || owner.isAssignableTo(FileChannel.class)
                        && List.of("lock", "tryLock").contains(call.getName());
    }

    /// The connection of a caller, in whose transaction a task is enqueued, is handed on and never used.
    @Test
    void theCoreHasNoDatabaseNoHttpAndNoCommandLine() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.sql..", "java.net.http..", "com.sun.net..", "picocli..")
                        .and(describe("are more than a connection", type -> !type.isEquivalentTo(Connection.class))))
                .orShould()
                .callMethodWhere(describe(
                        "uses a connection", call -> call.getTargetOwner().isEquivalentTo(Connection.class)))
                .check(CORE);
    }

    @Test
    void namesSayWhatAClassIs() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .orShould()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .check(CORE);
    }

    @Test
    void exceptionsEndInException() {
        classes()
                .that(are(assignableTo(Exception.class)))
                .should()
                .haveSimpleNameEndingWith("Exception")
                .check(CORE);
    }

    /// What applications import may be wider than what packages show each other, and the operating system has a
    /// type for each kind of call.
    @Test
    void aPackageShowsFewPublicTypes() {
        Map<String, Integer> wider =
                Map.of(API, 40, "dev.muster.task", 40, "dev.muster.os", 37, "dev.muster.memory", 24);
        Map<String, Long> types = CORE.stream()
                .filter(type -> type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                .collect(groupingBy(JavaClass::getPackageName, counting()));
        assertThat(types)
                .isNotEmpty()
                .allSatisfy(
                        (name, count) -> assertThat(count).as(name).isLessThanOrEqualTo(wider.getOrDefault(name, 11)));
    }
}
