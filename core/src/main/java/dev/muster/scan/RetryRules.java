package dev.muster.scan;

import dev.muster.config.Durations;
import dev.muster.scan.RetryRule.Then;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/// Turns `@Retry` beside `@Task` into a [RetryRule].
final class RetryRules {
    private static final int MAX_DELAYS = 100;

    /// What such an exception means it says itself, or it never reaches the rules.
    private static final Map<String, String> OWN_MEANING = Map.of(
            "dev.muster.task.RetryException", "it always asks for one more attempt",
            "dev.muster.task.SnoozeException", "it always puts the task off",
            "java.lang.OutOfMemoryError", "the process always ends of it");

    private final Rules rules;

    RetryRules(CodeSources sources, Findings findings, boolean ownFactory) {
        this.rules = new Rules("@Retry", sources, findings, ownFactory);
    }

    /// A method that has it and is no task.
    void alone(MethodFacts method) {
        rules.error(method.place(), "stands on a method without @Task; add @Task, or take it away");
    }

    /// The rule of one method.
    RetryRule read(MethodFacts method, AnnotationFacts retry) {
        String place = method.place();
        if (retry.has("delays")) {
            for (String other : List.of("base", "factor", "cap")) {
                if (retry.has(other)) {
                    rules.error(
                            place,
                            "has delays, which are fixed, and " + other
                                    + ", which belongs to delays that grow; leave one of the two away");
                }
            }
        }
        List<Long> delays = delays(place, retry);
        long base = millis(place, "base", retry.text("base", ""), RetryRule.UNSET, 0);
        long cap = millis(place, "cap", retry.text("cap", ""), RetryRule.UNSET, 0);
        if (base != RetryRule.UNSET && cap != RetryRule.UNSET && base > cap) {
            rules.error(
                    place, "base = " + Durations.text(base) + " must not be longer than cap = " + Durations.text(cap));
            base = cap;
        }
        double factor = retry.fraction("factor", RetryRule.NONE.factor());
        if (!(factor >= 1 && factor <= 100)) {
            rules.error(place, "factor = " + factor + " must be from 1 to 100");
            factor = RetryRule.NONE.factor();
        }
        long within = millis(place, "within", retry.text("within", ""), 0, 1);
        if (within > 0 && !delays.isEmpty() && delays.getFirst() > within) {
            rules.error(
                    place,
                    "within = " + Durations.text(within) + " is over before the first of the delays, "
                            + Durations.text(delays.getFirst()) + "; give it more time");
        }
        return new RetryRule(base, factor, cap, delays, within, exceptions(place, retry));
    }

    private List<Long> delays(String place, AnnotationFacts retry) {
        List<String> written = retry.texts("delays");
        if (retry.has("delays") && (written.isEmpty() || written.size() > MAX_DELAYS)) {
            rules.error(
                    place,
                    "has " + written.size() + " delays, legal are 1 to " + MAX_DELAYS
                            + "; the last one repeats, and {\"0s\"} is no wait");
        }
        List<Long> delays = new ArrayList<>();
        for (String text : written) {
            delays.add(millis(place, "delays", text, 0, 0));
        }
        return delays;
    }

    private Map<String, Then> exceptions(String place, AnnotationFacts retry) {
        Map<String, Then> exceptions = new LinkedHashMap<>();
        for (Then then : Then.values()) {
            String word = then.name().toLowerCase(Locale.ROOT);
            for (String type : retry.texts(word)) {
                Then before = exceptions.putIfAbsent(type, then);
                if (before != null && before != then) {
                    rules.error(
                            place,
                            "names " + type + " in " + before.name().toLowerCase(Locale.ROOT) + " and in " + word
                                    + "; leave it in one of them");
                }
                String meaning = OWN_MEANING.get(type);
                if (meaning != null) {
                    rules.error(place, word + " names " + type + ", to which no rule applies: " + meaning);
                }
            }
        }
        return exceptions;
    }

    /// @param otherwise for an empty text, and for one that is not legal
    private long millis(String place, String name, String text, long otherwise, long least) {
        if (text.isEmpty()) {
            return otherwise;
        }
        OptionalLong millis = Durations.parse(text);
        if (millis.isEmpty() || millis.getAsLong() < least || millis.getAsLong() > Durations.MAX_MILLIS) {
            rules.error(
                    place,
                    name + " = \"" + text + "\" must be " + Durations.LEGAL + ", from " + Durations.text(least) + " to "
                            + Durations.text(Durations.MAX_MILLIS));
            return otherwise;
        }
        return millis.getAsLong();
    }
}
