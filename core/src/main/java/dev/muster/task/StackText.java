package dev.muster.task;

/// Exceptions as text for the history of a task and for dead letters.
final class StackText {
    private StackText() {}

    /// Class, message, stack and causes, cut to a length; what was cut is said at the end.
    static String of(Throwable thrown, int limit) {
        StringBuilder text = new StringBuilder(Math.min(limit, 2048)).append(head(thrown, limit / 4));
        Throwable part = thrown;
        for (int depth = 0; part != null && depth < 8; depth++) {
            StackTraceElement[] frames = part.getStackTrace();
            for (int i = 0; i < frames.length; i++) {
                String frame = frames[i].toString();
                if (text.length() + frame.length() + 64 > limit) {
                    return text.append("\n\t... ")
                            .append(frames.length - i)
                            .append(" more frames")
                            .toString();
                }
                text.append("\n\tat ").append(frame);
            }
            part = part.getCause();
            if (part != null) {
                text.append("\nCaused by: ").append(head(part, limit / 8));
            }
        }
        return text.toString();
    }

    /// Class and message in one line, and where it was thrown.
    static String line(Throwable thrown) {
        String head = head(thrown, 400).replace('\n', ' ').replace('\r', ' ');
        StackTraceElement[] frames = thrown.getStackTrace();
        return frames.length == 0 ? head : head + " at " + frames[0];
    }

    /// Class and message. User code writes messages: asking for one may throw, and it may be endless.
    static String head(Throwable thrown, int limit) {
        String name = thrown.getClass().getName();
        String message;
        try {
            message = thrown.getMessage();
        } catch (RuntimeException | StackOverflowError e) {
            message = "(its message could not be read: " + e.getClass().getName() + ")";
        }
        return message == null || message.isEmpty() ? name : name + ": " + shorten(message, limit);
    }

    /// The text, or so much of it as fits, saying that and how much was left out.
    static String shorten(String text, int limit) {
        if (text.length() <= limit) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
        return text.substring(0, end) + "... (" + (text.length() - end) + " more characters)";
    }
}
