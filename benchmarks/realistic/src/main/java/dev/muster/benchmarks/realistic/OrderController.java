package dev.muster.benchmarks.realistic;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What the web side of such an application has; the processes that are measured serve none of it.
@RestController
public class OrderController {
    private final ShopOrders orders;

    public OrderController(ShopOrders orders) {
        this.orders = orders;
    }

    @GetMapping("/orders")
    public List<ShopOrder> all() {
        return orders.findAll();
    }
}
