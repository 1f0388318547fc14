package org.memphisee.example;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;

/** What the beans have done, for the page. */
@ApplicationScoped
public class Shop {

    private final List<String> shipped = new CopyOnWriteArrayList<>();
    private final AtomicInteger counted = new AtomicInteger();

    void ship(String order) {
        shipped.add(order);
    }

    void count(int orders) {
        counted.addAndGet(orders);
    }

    List<String> shipped() {
        return shipped;
    }

    int counted() {
        return counted.get();
    }
}
