package dev.muster.benchmarks.realistic;

import dev.muster.Muster;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/// An application as many are: Spring Boot with a web framework, and Hibernate with a database.
@SpringBootApplication
public class Shop {
    public static void main(String[] args) {
        Muster.run(Shop.class, args);
    }
}
