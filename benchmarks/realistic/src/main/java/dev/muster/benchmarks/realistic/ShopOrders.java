package dev.muster.benchmarks.realistic;

import org.springframework.data.jpa.repository.JpaRepository;

/// The rows.
public interface ShopOrders extends JpaRepository<ShopOrder, Long> {}
