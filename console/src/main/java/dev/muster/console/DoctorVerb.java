package dev.muster.console;

import dev.muster.control.ExitCode;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `muster doctor`: what this machine offers, and what to mend.
@Command(name = "doctor", description = "Look at this machine: one line for each thing that Muster depends on.")
final class DoctorVerb extends Verb {
    @Mixin
    private InstanceOptions instance = new InstanceOptions();

    @Override
    public Integer call() {
        List<Finding> findings = Diagnosis.of(instance);
        for (Finding finding : findings) {
            out().println(String.format(
                    Locale.ROOT, "%-4s  %-16s  %s", finding.ok() ? "OK" : "WARN", finding.subject(), finding.text()));
        }
        long warnings = findings.stream().filter(finding -> !finding.ok()).count();
        say(warnings == 0 ? "nothing to mend" : warnings + " things to look at; each line says what to do");
        return ExitCode.DONE.number();
    }

    /// @param text what was found, and what to do unless it is well
    record Finding(boolean ok, String subject, String text) {}
}
