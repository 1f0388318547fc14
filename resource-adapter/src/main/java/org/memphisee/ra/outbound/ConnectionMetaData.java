package org.memphisee.ra.outbound;

import jakarta.resource.spi.ManagedConnectionMetaData;

/** What a container may show of a connection. */
record ConnectionMetaData(String user) implements ManagedConnectionMetaData {

    @Override
    public String getEISProductName() {
        return "Memphis EE";
    }

    @Override
    public String getEISProductVersion() {
        return "";
    }

    @Override
    public int getMaxConnections() {
        return 0;
    }

    @Override
    public String getUserName() {
        return user;
    }
}
