package org.memphisee.ra.inbound;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.Activation;
import jakarta.resource.spi.ActivationSpec;
import jakarta.resource.spi.ConfigProperty;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapter;
import org.memphisee.client.GroupSpec;
import org.memphisee.ra.ConnectionProperties;
import org.memphisee.ra.PropertyCheck;
import org.memphisee.ra.api.BatchListener;
import org.memphisee.ra.api.MessageListener;

/** What a message-driven bean asks for. Set by the container before use; {@code docs/resource-adapter.md} has the table. */
@Activation(messageListeners = {MessageListener.class, BatchListener.class})
public class BrokerActivationSpec extends ConnectionProperties implements ActivationSpec {

    private static final long serialVersionUID = 1L;
    private static final int MOST_DELIVERIES = 10;
    private static final int MOST_BATCH = 5_000;
    private static final int MOST_CONCURRENCY = 1_000;

    @ConfigProperty(description = "Station to consume from")
    private String station = "";
    @ConfigProperty(description = "Consumer group")
    private String consumerGroup = "";
    @ConfigProperty(description = "Name of the member as the broker shows it; empty: the group's name")
    private String consumerName = "";
    @ConfigProperty(defaultValue = "10", description = "Calls of beans at a time")
    private Integer maxConcurrency = 10;
    @ConfigProperty(defaultValue = "100", description = "Messages in one call of a batch listener, at most")
    private Integer batchSize = 100;
    @ConfigProperty(defaultValue = "30000", description = "Milliseconds after which an unanswered message comes again")
    private Long ackWait = 30_000L;
    @ConfigProperty(defaultValue = "10", description = "Deliveries of one message, at most")
    private Integer maxDeliveries = MOST_DELIVERIES;
    @ConfigProperty(defaultValue = "500", description = "Milliseconds a message stays away after its first failure")
    private Long redeliveryDelay = 500L;
    @ConfigProperty(defaultValue = "60000", description = "Milliseconds a failed message stays away at most")
    private Long maxRedeliveryDelay = 60_000L;
    @ConfigProperty(defaultValue = "10", description = "Failures in a row after which deliveries pause")
    private Integer pauseAfterFailures = 10;
    @ConfigProperty(defaultValue = "1000", description = "First pause in milliseconds")
    private Long pause = 1_000L;
    @ConfigProperty(defaultValue = "60000", description = "Longest pause in milliseconds")
    private Long maxPause = 60_000L;
    @ConfigProperty(defaultValue = "10000", description = "Milliseconds that messages at hand may take at deactivation")
    private Long stopTimeout = 10_000L;

    private transient ResourceAdapter adapter;

    @Override
    public void validate() throws InvalidPropertyException {
        super.validate();
        PropertyCheck.required("station", station);
        PropertyCheck.required("consumerGroup", consumerGroup);
        PropertyCheck.range("maxConcurrency", maxConcurrency, 1, MOST_CONCURRENCY);
        PropertyCheck.range("batchSize", batchSize, 1, MOST_BATCH);
        PropertyCheck.range("ackWait", ackWait, 100, 86_400_000);
        PropertyCheck.range("maxDeliveries", maxDeliveries, 1, MOST_DELIVERIES);
        PropertyCheck.range("redeliveryDelay", redeliveryDelay, 0, 86_400_000);
        PropertyCheck.range("maxRedeliveryDelay", maxRedeliveryDelay, redeliveryDelay, 86_400_000);
        PropertyCheck.range("pauseAfterFailures", pauseAfterFailures, 1, Integer.MAX_VALUE);
        PropertyCheck.range("pause", pause, 1, 3_600_000);
        PropertyCheck.range("maxPause", maxPause, pause, 3_600_000);
        PropertyCheck.range("stopTimeout", stopTimeout, 0, 300_000);
    }

    /** Which messages. */
    GroupSpec group() {
        String member = consumerName == null || consumerName.isBlank() ? consumerGroup : consumerName;
        return new GroupSpec(station, consumerGroup, member, ackWait, maxDeliveries);
    }

    @Override
    public ResourceAdapter getResourceAdapter() {
        return adapter;
    }

    @Override
    public void setResourceAdapter(ResourceAdapter resourceAdapter) throws ResourceException {
        adapter = resourceAdapter;
    }

    // The container's way in and out.

    public String getStation() {
        return station;
    }

    public void setStation(String station) {
        this.station = station;
    }

    public String getConsumerGroup() {
        return consumerGroup;
    }

    public void setConsumerGroup(String consumerGroup) {
        this.consumerGroup = consumerGroup;
    }

    public String getConsumerName() {
        return consumerName;
    }

    public void setConsumerName(String consumerName) {
        this.consumerName = consumerName;
    }

    public Integer getMaxConcurrency() {
        return maxConcurrency;
    }

    public void setMaxConcurrency(Integer maxConcurrency) {
        this.maxConcurrency = maxConcurrency;
    }

    public Integer getBatchSize() {
        return batchSize;
    }

    public void setBatchSize(Integer batchSize) {
        this.batchSize = batchSize;
    }

    public Long getAckWait() {
        return ackWait;
    }

    public void setAckWait(Long ackWait) {
        this.ackWait = ackWait;
    }

    public Integer getMaxDeliveries() {
        return maxDeliveries;
    }

    public void setMaxDeliveries(Integer maxDeliveries) {
        this.maxDeliveries = maxDeliveries;
    }

    public Long getRedeliveryDelay() {
        return redeliveryDelay;
    }

    public void setRedeliveryDelay(Long redeliveryDelay) {
        this.redeliveryDelay = redeliveryDelay;
    }

    public Long getMaxRedeliveryDelay() {
        return maxRedeliveryDelay;
    }

    public void setMaxRedeliveryDelay(Long maxRedeliveryDelay) {
        this.maxRedeliveryDelay = maxRedeliveryDelay;
    }

    public Integer getPauseAfterFailures() {
        return pauseAfterFailures;
    }

    public void setPauseAfterFailures(Integer pauseAfterFailures) {
        this.pauseAfterFailures = pauseAfterFailures;
    }

    public Long getPause() {
        return pause;
    }

    public void setPause(Long pause) {
        this.pause = pause;
    }

    public Long getMaxPause() {
        return maxPause;
    }

    public void setMaxPause(Long maxPause) {
        this.maxPause = maxPause;
    }

    public Long getStopTimeout() {
        return stopTimeout;
    }

    public void setStopTimeout(Long stopTimeout) {
        this.stopTimeout = stopTimeout;
    }
}
