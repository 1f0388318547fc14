package org.memphisee.it.adapter.inside;

import java.io.IOException;

import jakarta.annotation.Resource;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.memphisee.ra.api.BrokerConnection;
import org.memphisee.ra.api.BrokerConnectionFactory;
import org.memphisee.ra.api.OutboundMessage;

/** Publishes {@code text}, and tells what the bean got. */
@WebServlet("/")
public class InsideServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Resource(lookup = "inside/connections")
    private transient BrokerConnectionFactory broker;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String text = request.getParameter("text");
        if (text == null) {
            response.getWriter().print(String.join(",", InsideBean.SEEN));
            return;
        }
        try (BrokerConnection connection = broker.getConnection()) {
            response.getWriter().print(connection.publishAsync(OutboundMessage.to("inside", text))
                .toCompletableFuture().join().sequence());
        }
    }
}
