package dev.muster.os;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The text of [ProcFs#evidence(long)]. It reads only files for which the kernel needs nothing of the process:
/// neither its memory nor its cooperation.
final class Evidence {
    private static final int LONGEST = 16 << 10;
    private static final int MOST_THREADS_READ = 2_000;
    private static final int MOST_THREADS_SHOWN = 40;
    private static final int MOST_DESCRIPTORS = 10_000;
    private static final List<String> STATUS_LINES = List.of(
            "TracerPid:",
            "VmRSS:",
            "VmSwap:",
            "SigPnd:",
            "ShdPnd:",
            "SigBlk:",
            "SigIgn:",
            "SigCgt:",
            "voluntary_ctxt_switches:",
            "nonvoluntary_ctxt_switches:");

    private Evidence() {}

    static String of(long pid) {
        Optional<ProcStat> found = ProcFs.stat(pid);
        if (found.isEmpty()) {
            return "process " + pid + " is gone\n";
        }
        ProcStat stat = found.get();
        String directory = "/proc/" + pid;
        StringBuilder text = new StringBuilder(2048);
        text.append(String.format(
                Locale.ROOT,
                "process %d (%s): %s, waits in %s, parent %d, group %d\n",
                pid,
                stat.comm(),
                state(stat.state()),
                wchan(directory),
                stat.ppid(),
                stat.pgrp()));
        text.append("cpu ").append(seconds(stat));
        text.append(", resident ").append(stat.rssBytes() >> 20).append(" MiB, ");
        text.append(stat.threads()).append(" threads, ");
        text.append(descriptors(directory)).append(" descriptors\n");
        for (String field : STATUS_LINES) {
            Optional<String> value = ProcFs.statusField(Long.toString(pid), field);
            value.ifPresent(
                    known -> text.append(field).append(' ').append(known).append('\n'));
        }
        appendThreads(text, directory);
        if (text.length() > LONGEST) {
            text.setLength(LONGEST);
        }
        return text.toString();
    }

    private static void appendThreads(StringBuilder text, String directory) {
        record Task(String tid, ProcStat stat) {}
        List<Task> tasks = new ArrayList<>();
        for (String tid : names(directory + "/task", MOST_THREADS_READ)) {
            ProcFs.read(directory + "/task/" + tid + "/stat", ProcStat.LONGEST)
                    .ifPresent(line -> tasks.add(new Task(tid, ProcStat.parse(line))));
        }
        tasks.sort(Comparator.comparingLong(task -> -task.stat().cpuTicks()));
        int shown = Math.min(tasks.size(), MOST_THREADS_SHOWN);
        for (Task task : tasks.subList(0, shown)) {
            ProcStat stat = task.stat();
            text.append("thread ").append(task.tid()).append(' ').append(stat.state());
            text.append(" cpu ").append(seconds(stat)).append(' ').append(stat.comm());
            text.append(", ").append(wchan(directory + "/task/" + task.tid())).append('\n');
        }
        if (tasks.size() > shown) {
            text.append(tasks.size() - shown).append(" more threads used less\n");
        }
    }

    private static String descriptors(String directory) {
        int count = names(directory + "/fd", MOST_DESCRIPTORS).size();
        return count == MOST_DESCRIPTORS ? "at least " + count : Integer.toString(count);
    }

    private static List<String> names(String directory, int most) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of(directory))) {
            for (Path entry : entries) {
                if (names.size() == most) {
                    break;
                }
                names.add(entry.getFileName().toString());
            }
        } catch (IOException | DirectoryIteratorException _) {
            // The process went away meanwhile, or belongs to somebody else: show what was seen.
        }
        return names;
    }

    private static String wchan(String directory) {
        String name = ProcFs.read(directory + "/wchan", 128).orElse("0").strip();
        return name.equals("0") ? "no kernel function" : name;
    }

    private static String seconds(ProcStat stat) {
        return String.format(Locale.ROOT, "%.2f s", stat.cpuMillis() / 1000.0);
    }

    private static String state(char letter) {
        return switch (letter) {
            case 'R' -> "running (R)";
            case 'S' -> "sleeping (S)";
            case 'D' -> "waiting for a device and not to be interrupted (D)";
            case 'T' -> "stopped by a signal (T)";
            case 't' -> "stopped by a debugger (t)";
            case 'Z', 'X' -> "ended, not yet collected (" + letter + ")";
            default -> "state " + letter;
        };
    }
}
