package org.memphisee.ra;

import java.io.Serializable;

import jakarta.resource.spi.ConfigProperty;
import jakarta.resource.spi.InvalidPropertyException;

/**
 * The properties that say where the broker is and who connects: the same ones of the adapter, of a connection factory and of an
 * activation. What is not set, or empty, comes from the adapter, and what is not set there either from {@link
 * ConnectionSettings#DEFAULTS}. Set by the container before use, by one thread.
 *
 * <p>Not abstract: Open Liberty makes one of each class in the line of an adapter to learn the defaults.
 */
public class ConnectionProperties implements Serializable {

    private static final long serialVersionUID = 1L;

    @ConfigProperty(description = "Host of the broker; empty: the adapter's, there 127.0.0.1")
    private String host = "";
    @ConfigProperty(description = "Port of the broker, 1 to 65535; 0 or not set: the adapter's, there 6666")
    private Integer port;
    @ConfigProperty(description = "Refuse to talk to the broker without TLS; not set: the adapter's, there false")
    private Boolean tls;
    @ConfigProperty(description = "User; empty: the adapter's user, password and token, there root")
    private String user = "";
    @ConfigProperty(confidential = true, description = "Password of the user")
    private String password = "";
    @ConfigProperty(confidential = true, description = "Connection token, where the broker wants one")
    private String token = "";

    /** What is set here; see {@link ConnectionSettings#over} for the rest. */
    public final ConnectionSettings connection() {
        return new ConnectionSettings(host, port == null ? 0 : port, tls, user, password, token);
    }

    /**
     * Checks these properties; a class with more of them checks those too.
     *
     * @throws InvalidPropertyException with number RA0003, the property's name, what it may be and what it is
     */
    public void validate() throws InvalidPropertyException {
        PropertyCheck.address("host", host);
        PropertyCheck.rangeIfSet("port", port, 0, 65_535);
    }

    public String getHost() {
        return host;
    }

    public void setHost(String host) {
        this.host = host;
    }

    public Integer getPort() {
        return port;
    }

    public void setPort(Integer port) {
        this.port = port;
    }

    public Boolean getTls() {
        return tls;
    }

    public void setTls(Boolean tls) {
        this.tls = tls;
    }

    public String getUser() {
        return user;
    }

    public void setUser(String user) {
        this.user = user;
    }

    public String getPassword() {
        return password;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    public String getToken() {
        return token;
    }

    public void setToken(String token) {
        this.token = token;
    }
}
