package org.memphisee.it.adapter.app;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.TreeSet;
import java.util.stream.IntStream;
import javax.management.JMException;
import javax.management.ObjectName;
import javax.sql.DataSource;

import jakarta.annotation.Resource;
import jakarta.resource.ConnectionFactoryDefinition;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.transaction.Status;
import jakarta.transaction.UserTransaction;
import org.memphisee.ra.api.BrokerConnection;
import org.memphisee.ra.api.BrokerConnectionFactory;
import org.memphisee.ra.api.OutboundMessage;

/**
 * {@code ?do=publish|async|commit|rollback&station=…&text=…&count=n} publishes in that way; {@code ?do=seen} and others tell.
 * Failures are status 500 with their text.
 */
@ConnectionFactoryDefinition(name = "java:app/defined", interfaceName = "org.memphisee.ra.api.BrokerConnectionFactory",
    resourceAdapter = "memphis", properties = {"producerName=defined"}, maxPoolSize = 2)
@WebServlet("/control")
public class ControlServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Resource(lookup = "memphis/connections")
    private transient BrokerConnectionFactory injected;
    @Resource(lookup = "java:app/defined")
    private transient BrokerConnectionFactory defined;
    @Resource(lookup = "memphis/encrypted")
    private transient BrokerConnectionFactory encrypted;
    @Resource(lookup = "memphis/managed", authenticationType = Resource.AuthenticationType.CONTAINER)
    private transient BrokerConnectionFactory managed;
    @Resource(lookup = "jdbc/two")
    private transient DataSource twoPhases;
    @Resource(lookup = "jdbc/one")
    private transient DataSource onePhase;
    @Resource
    private transient UserTransaction transaction;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("text/plain");
        try {
            response.getWriter().print(act(request, request.getParameter("do")));
        } catch (Exception e) {
            response.setStatus(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
            response.getWriter().print(e);
        } finally {
            end();
        }
    }

    private String act(HttpServletRequest request, String what) throws Exception {
        return switch (what) {
            case "seen" -> Seen.lines();
            case "rows" -> rows();
            case "both" -> both(request);
            case "quick" -> Seen.quick();
            case "busy" -> Integer.toString(Seen.mostBusy(request.getParameter("bean")));
            case "threads" -> threads();
            case "figure" -> figure(request.getParameter("station"), request.getParameter("name"));
            case "rate" -> rate(request.getParameter("station"), Integer.parseInt(request.getParameter("count")),
                    Integer.parseInt(request.getParameter("together")), request.getParameter("commit") != null);
            default -> publish(request, what);
        };
    }

    /** Messages of 128 bytes per second, so many in each call. */
    private String rate(String station, int count, int together, boolean commit) throws Exception {
        OutboundMessage message = OutboundMessage.to(station, new byte[128]);
        List<OutboundMessage> messages = IntStream.range(0, together).mapToObj(i -> message).toList();
        long begin = System.nanoTime();
        for (int i = 0; i < count; i += together) {
            if (commit) {
                transaction.begin();
            }
            try (BrokerConnection connection = injected.getConnection()) {
                connection.publishAll(messages);
            }
            if (commit) {
                transaction.commit();
            }
        }
        return Long.toString(count * 1_000_000_000L / (System.nanoTime() - begin));
    }

    private String publish(HttpServletRequest request, String how) throws Exception {
        String station = request.getParameter("station");
        String text = request.getParameter("text");
        int count = request.getParameter("count") == null ? 1 : Integer.parseInt(request.getParameter("count"));
        List<OutboundMessage> messages = new ArrayList<>(IntStream.range(0, count)
            .mapToObj(i -> OutboundMessage.to(station, count == 1 ? text : text + i)).toList());
        boolean together = how.equals("commit") || how.equals("rollback");
        if (together) {
            transaction.begin();
        }
        BrokerConnectionFactory factory = factory(request.getParameter("factory"));
        try (BrokerConnection connection = factory.getConnection()) {
            if (how.equals("async")) {
                return connection.publishAsync(messages.get(0)).toCompletableFuture().join().toString();
            }
            connection.publishAll(messages);
        }
        if (how.equals("commit")) {
            transaction.commit();
        } else if (how.equals("rollback")) {
            transaction.rollback();
        }
        return "done";
    }

    private BrokerConnectionFactory factory(String name) {
        return name == null ? injected : switch (name) {
            case "defined" -> defined;
            case "encrypted" -> encrypted;
            case "managed" -> managed;
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** Writes to the database and publishes in one transaction. */
    private String both(HttpServletRequest request) throws Exception {
        String text = request.getParameter("text");
        int bytes = request.getParameter("bytes") == null ? 1 : Integer.parseInt(request.getParameter("bytes"));
        try (Connection rows = twoPhases.getConnection(); Statement statement = rows.createStatement()) {
            statement.execute("create table if not exists orders (text varchar(100))");
        }
        transaction.begin();
        try (Connection rows = (request.getParameter("one") == null ? twoPhases : onePhase).getConnection();
             PreparedStatement insert = rows.prepareStatement("insert into orders values (?)");
             BrokerConnection broker = injected.getConnection()) {
            insert.setString(1, text);
            insert.executeUpdate();
            broker.publish(OutboundMessage.to(request.getParameter("station"), text + "!".repeat(bytes)));
        }
        if (request.getParameter("undo") == null) {
            transaction.commit();
        } else {
            transaction.rollback();
        }
        return "done";
    }

    private String rows() throws SQLException {
        try (Connection rows = twoPhases.getConnection(); Statement statement = rows.createStatement();
             ResultSet found = statement.executeQuery("select text from orders order by text")) {
            StringJoiner all = new StringJoiner(",");
            while (found.next()) {
                all.add(found.getString(1));
            }
            return all.toString();
        }
    }

    private void end() {
        try {
            if (transaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
                transaction.rollback();
            }
        } catch (jakarta.transaction.SystemException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Names of the adapter's threads. */
    private static String threads() {
        TreeSet<String> names = new TreeSet<>();
        Thread.getAllStackTraces().keySet().forEach(t -> {
            if (t.getName().startsWith("memphis-link")) {
                names.add(t.getName());
            }
        });
        return String.join(",", names);
    }

    private static String figure(String station, String name) throws JMException {
        var server = ManagementFactory.getPlatformMBeanServer();
        var names = server.queryNames(new ObjectName("org.memphisee:type=Activation,station=\"" + station + "\",*"), null);
        StringBuilder all = new StringBuilder();
        for (ObjectName one : names) {
            all.append(server.getAttribute(one, name)).append(' ');
        }
        return all.toString().trim();
    }
}
