package dev.muster.benchmarks.realistic;

import dev.muster.InstanceFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// Takes the objects from a Spring context, which is made while the process boots: it is READY when Spring is.
public class SpringInstances implements InstanceFactory {
    private final ConfigurableApplicationContext context = new SpringApplicationBuilder(Shop.class)
            .web(WebApplicationType.NONE)
            .run();

    @Override
    public <T> T create(Class<T> type) {
        return context.getBean(type);
    }
}
