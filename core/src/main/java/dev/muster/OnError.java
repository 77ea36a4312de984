package dev.muster;

/// What happens to a user process when one of its runs ends with an exception. The exception is logged with its stack
/// and counted in every case.
public enum OnError {
    /// Go on with the next run. When runs fail in a row the pause between them grows from the interval up to 30 s.
    CONTINUE,
    /// End the process with an error; its [RestartPolicy] decides what follows.
    RESTART,
    /// End the process and leave its slot empty until it is started again by command.
    STOP
}
