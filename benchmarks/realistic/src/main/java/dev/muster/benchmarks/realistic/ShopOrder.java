package dev.muster.benchmarks.realistic;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;

/// A row.
@Entity
public class ShopOrder {
    @Id
    @GeneratedValue
    private Long id;

    private String text;

    protected ShopOrder() {}

    ShopOrder(String text) {
        this.text = text;
    }

    public Long getId() {
        return id;
    }

    public String getText() {
        return text;
    }
}
