package org.memphisee.example;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import jakarta.annotation.Resource;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.HeuristicMixedException;
import jakarta.transaction.HeuristicRollbackException;
import jakarta.transaction.NotSupportedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.SystemException;
import jakarta.transaction.UserTransaction;
import org.memphisee.ra.api.BrokerConnection;
import org.memphisee.ra.api.BrokerConnectionFactory;
import org.memphisee.ra.api.OutboundMessage;

/**
 * {@code POST /orders} with one order per line. All orders of a request are published in one transaction: a line that says
 * {@code invalid} rolls all of them back. {@code POST /orders?each} publishes each at once, without a transaction.
 */
@WebServlet("/orders")
public class Orders extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Resource(lookup = "memphis/connections")
    private transient BrokerConnectionFactory broker;
    @Resource
    private transient UserTransaction transaction;
    @Inject
    private transient Shop shop;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String body = new String(request.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        List<OutboundMessage> orders = new ArrayList<>();
        body.lines().forEach(line -> orders.add(OutboundMessage.to("orders", line).withHeader("source", "web")));
        try {
            if (request.getParameter("each") != null) {
                publish(orders);
            } else if (!publishTogether(orders, body.lines().noneMatch("invalid"::equals))) {
                response.sendError(HttpServletResponse.SC_BAD_REQUEST, "nothing was ordered");
                return;
            }
            response.getWriter().println(orders.size() + " ordered");
        } catch (NotSupportedException | SystemException | HeuristicMixedException | HeuristicRollbackException
                 | RollbackException e) {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE, e.getMessage());
        }
    }

    private void publish(List<OutboundMessage> orders) {
        try (BrokerConnection connection = broker.getConnection()) {
            connection.publishAll(orders); // on the broker's disk when this returns
        }
    }

    private boolean publishTogether(List<OutboundMessage> orders, boolean valid) throws NotSupportedException,
        SystemException, HeuristicMixedException, HeuristicRollbackException, RollbackException {
        transaction.begin();
        try (BrokerConnection connection = broker.getConnection()) {
            connection.publishAll(orders);
        } catch (RuntimeException e) {
            transaction.rollback();
            throw e;
        }
        if (valid) {
            transaction.commit(); // on the broker's disk when this returns
        } else {
            transaction.rollback();
        }
        return valid;
    }

    /** What was shipped, one line each, and how many were counted. */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        shop.shipped().forEach(line -> {
            try {
                response.getWriter().println("shipped " + line);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        response.getWriter().println("counted " + shop.counted());
    }
}
