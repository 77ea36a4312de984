package dev.muster.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NativesTest {
    private static final String GRANTED = "--enable-native-access=ALL-UNNAMED";

    @Test
    void areAvailableHere() {
        assertThat(Natives.available()).isTrue();
        assertThat(Natives.degraded()).isEmpty();
        assertThat(Natives.warning()).isEmpty();
        assertThat(reason(GRANTED)).isEqualTo("[]");
    }

    @Test
    void areUsedWhereTheVirtualMachineOnlyWarns() {
        assertThat(reason()).isEqualTo("[]");
    }

    @Test
    void areLeftOutWhereTheVirtualMachineDeniesThem() {
        assertThat(reason("--illegal-native-access=deny")).contains("the virtual machine denies native access");
        assertThat(reason("--illegal-native-access=deny", GRANTED)).isEqualTo("[]");
    }

    @Test
    void areLeftOutWhereSomebodySaysSo() {
        assertThat(reason(GRANTED, "-Dmuster.native=off")).contains("switched off (muster.native=off)");
    }

    @Test
    void areLeftOutOnAMachineThatIsNotKnown() {
        assertThat(reason(GRANTED, "-Dos.arch=riscv64")).contains("this is Linux riscv64");
    }

    /// What a virtual machine with these options says of itself, as a master.
    private static String reason(String... options) {
        List<String> argv = new ArrayList<>(Child.probe("natives"));
        boolean _ = argv.remove(GRANTED);
        argv.addAll(1, List.of(options));
        try (Child child = Child.start(Child.java(), argv, Child.environment(), Path.of("/"), false)) {
            return child.line();
        }
    }
}
