package dev.muster.task;

import dev.muster.scan.TaskDeclaration;
import java.util.List;

/// The declarations that carry the message's name; several if the method is overloaded.
record Found(List<TaskDeclaration> tasks) implements Resolved {
    /// The one whose number of parameters fits, else the first.
    TaskDeclaration best(TaskMessage message) {
        int count = ParameterBinder.count(message.param());
        for (TaskDeclaration task : tasks) {
            if (MessageParameters.count(task.descriptor()) == count) {
                return task;
            }
        }
        return tasks.getFirst();
    }
}
