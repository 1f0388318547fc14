package org.memphisee.ra;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.beans.BeanInfo;
import java.beans.Introspector;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import jakarta.resource.ResourceException;
import jakarta.resource.spi.ConfigProperty;
import jakarta.resource.spi.InvalidPropertyException;
import jakarta.resource.spi.ResourceAdapterInternalException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.memphisee.ra.inbound.BrokerActivationSpec;
import org.memphisee.ra.outbound.BrokerManagedConnectionFactory;

/** The properties that adapter, connection factories and activations have in common: defaults, inheritance, wrong values. */
class ConnectionPropertiesTest {

    private static final Set<String> COMMON = Set.of("host", "port", "tls", "user", "password", "token");

    private final BrokerResourceAdapter adapter = new BrokerResourceAdapter();
    private final BrokerManagedConnectionFactory factory = new BrokerManagedConnectionFactory();
    private final BrokerActivationSpec activation = new BrokerActivationSpec();

    private ConnectionSettings inherited(ConnectionProperties own) {
        return adapter.complete(own.connection());
    }

    @Test
    void shouldUseTheLocalBrokerWhenNobodySaysAnything() {
        ConnectionSettings expected = new ConnectionSettings("127.0.0.1", 6666, false, "root", "", "");
        assertEquals(expected, inherited(factory));
        assertEquals(expected, inherited(activation));
        assertEquals("127.0.0.1:6666", expected.address().toString());
    }

    @Test
    void shouldInheritFromTheAdapterWhatFactoryAndActivationDoNotSet() {
        adapter.setHost("broker.example");
        adapter.setPort(7001);
        adapter.setTls(true);
        adapter.setUser("shop");
        adapter.setPassword("secret");
        adapter.setToken("token");
        ConnectionSettings all = new ConnectionSettings("broker.example", 7001, true, "shop", "secret", "token");
        assertEquals(all, inherited(factory));
        assertEquals(all, inherited(activation));

        factory.setPort(7002);
        factory.setTls(false);
        assertEquals(new ConnectionSettings("broker.example", 7002, false, "shop", "secret", "token"), inherited(factory));
        activation.setHost(" other.example ");
        assertEquals(new ConnectionSettings("other.example", 7001, true, "shop", "secret", "token"), inherited(activation));
    }

    @Test
    void shouldTakeNullsAndEmptyTextsOfAContainerForNotSet() {
        factory.setHost(null);
        factory.setPort(0);
        factory.setTls(null);
        factory.setUser("");
        factory.setPassword(null);
        factory.setToken("");
        assertEquals(inherited(new BrokerManagedConnectionFactory()), inherited(factory));
        assertEquals(new BrokerManagedConnectionFactory(), factory);
        assertDoesNotThrow(factory::validate);
    }

    @Test
    void shouldNotGiveTheAdaptersSecretsToAnotherUser() {
        adapter.setPassword("secret of root");
        adapter.setToken("token of root");
        activation.setUser("shop");
        assertEquals(new ConnectionSettings("127.0.0.1", 6666, false, "shop", "", ""), inherited(activation));
    }

    @Test
    void shouldTakeASecretWithoutAUserForTheUserOfTheAdapter() {
        adapter.setUser("shop");
        adapter.setPassword("old");
        factory.setPassword("new");
        assertEquals(new ConnectionSettings("127.0.0.1", 6666, false, "shop", "new", ""), inherited(factory));
        adapter.setUser("");
        assertEquals("root", inherited(factory).user());
    }

    @ParameterizedTest
    @CsvSource({"-1", "65536", "2147483647"})
    void shouldRefuseAPortThatIsNone(int port) {
        for (ConnectionProperties properties : List.of(adapter, factory, activation)) {
            properties.setPort(port);
            InvalidPropertyException e = assertThrows(InvalidPropertyException.class, properties::validate);
            assertTrue(e.getMessage().startsWith("RA0003 Property port must be 0 to 65535, is " + port), e.getMessage());
            assertTrue(e.getMessage().contains("leave it out for its default"), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nats://broker", "broker:6666", "[::1]:6666", "one,two", "two words", "root@broker"})
    void shouldRefuseAHostThatIsMoreThanAHost(String host) {
        for (ConnectionProperties properties : List.of(adapter, factory, activation)) {
            properties.setHost(host);
            InvalidPropertyException e = assertThrows(InvalidPropertyException.class, properties::validate);
            assertTrue(e.getMessage().startsWith("RA0003 Property host must be one name or address"), e.getMessage());
            assertTrue(e.getMessage().contains("the port has a property of its own"), e.getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"broker", "broker.example", "10.0.0.7", "::1", "fe80::1%eth0", "[::1]", " broker "})
    void shouldTakeNamesAndAddresses(String host) {
        adapter.setHost(host);
        assertDoesNotThrow(adapter::validate);
    }

    @Test
    void shouldRefuseWrongNumbersOfTheAdapterWhenItStarts() {
        refusesToStart("linkThreads", a -> a.setLinkThreads(0));
        refusesToStart("linkThreads", a -> a.setLinkThreads(null));
        refusesToStart("connectTimeoutMillis", a -> a.setConnectTimeoutMillis(0L));
        refusesToStart("connectTimeoutMillis", a -> a.setConnectTimeoutMillis(Long.MAX_VALUE));
        refusesToStart("port", a -> a.setPort(70_000));
        refusesToStart("mode", a -> a.setMode(null));
        refusesToStart("threadFactory", a -> a.setThreadFactory(" "));
    }

    private static void refusesToStart(String property, Consumer<BrokerResourceAdapter> wrong) {
        BrokerResourceAdapter adapter = new BrokerResourceAdapter();
        wrong.accept(adapter);
        ResourceAdapterInternalException e = assertThrows(ResourceAdapterInternalException.class, () -> adapter.start(null));
        assertTrue(e.getMessage().startsWith("RA0003 Property " + property + " "), e.getMessage());
    }

    @Test
    void shouldRefuseWrongNumbersOfAFactoryWhenItIsMade() {
        refusesFactory("transactionBytes", f -> f.setTransactionBytes(0L));
        refusesFactory("maxInFlightBytes", f -> f.setMaxInFlightBytes(-1L));
        refusesFactory("requestTimeoutMillis", f -> f.setRequestTimeoutMillis(null));
        refusesFactory("commitTimeoutMillis", f -> f.setCommitTimeoutMillis(4_000_000L));
        refusesFactory("producerName", f -> f.setProducerName(""));
        refusesFactory("host", f -> f.setHost("a b"));
    }

    private static void refusesFactory(String property, Consumer<BrokerManagedConnectionFactory> wrong) {
        BrokerManagedConnectionFactory factory = new BrokerManagedConnectionFactory();
        wrong.accept(factory);
        ResourceException e = assertThrows(ResourceException.class, () -> factory.createConnectionFactory(null));
        assertTrue(e.getMessage().startsWith("RA0003 Property " + property + " "), e.getMessage());
    }

    @Test
    void shouldRefuseWrongValuesOfAnActivation() {
        refusesActivation("station", a -> a.setStation(" "));
        refusesActivation("consumerGroup", a -> a.setConsumerGroup(null));
        refusesActivation("maxDeliveries", a -> a.setMaxDeliveries(11));
        refusesActivation("maxRedeliveryDelay", a -> a.setMaxRedeliveryDelay(499L));
        refusesActivation("maxPause", a -> a.setMaxPause(1L));
        refusesActivation("ackWait", a -> a.setAckWait(99L));
        refusesActivation("redeliveryDelay", a -> a.setRedeliveryDelay(null));
    }

    private static void refusesActivation(String property, Consumer<BrokerActivationSpec> wrong) {
        BrokerActivationSpec activation = new BrokerActivationSpec();
        activation.setStation("orders");
        activation.setConsumerGroup("shipping");
        assertDoesNotThrow(activation::validate);
        wrong.accept(activation);
        InvalidPropertyException e = assertThrows(InvalidPropertyException.class, activation::validate);
        assertTrue(e.getMessage().startsWith("RA0003 Property " + property + " "), e.getMessage());
    }

    @Test
    void shouldPoolConnectionsOfEqualFactoriesTogetherAndOfOthersApart() {
        BrokerManagedConnectionFactory same = new BrokerManagedConnectionFactory();
        assertEquals(factory, same);
        assertEquals(factory.hashCode(), same.hashCode());
        differs(f -> f.setHost("other"));
        differs(f -> f.setPort(1));
        differs(f -> f.setTls(false));
        differs(f -> f.setUser("shop"));
        differs(f -> f.setPassword("p"));
        differs(f -> f.setToken("t"));
        differs(f -> f.setProducerName("p"));
        differs(f -> f.setTransactionBytes(1L));
        differs(f -> f.setMaxInFlightBytes(1L));
        differs(f -> f.setRequestTimeoutMillis(1L));
        differs(f -> f.setCommitTimeoutMillis(1L));
        same.setPort(-7);
        assertNotEquals(factory, same, "a wrong value is a difference too, not an error");
    }

    private void differs(Consumer<BrokerManagedConnectionFactory> change) {
        BrokerManagedConnectionFactory other = new BrokerManagedConnectionFactory();
        change.accept(other);
        assertNotEquals(factory, other);
    }

    @Test
    void shouldKeepItsValuesWhenAContainerStoresIt() throws Exception {
        factory.setHost("broker.example");
        factory.setPort(7001);
        factory.setProducerName("shop");
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(stored)) {
            out.writeObject(factory);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(stored.toByteArray()))) {
            BrokerManagedConnectionFactory read = (BrokerManagedConnectionFactory) in.readObject();
            assertEquals(factory, read);
            assertNull(read.getResourceAdapter());
        }
    }

    /** As containers find them: annotated fields of the class and of those above, with a getter and a setter each. */
    @ParameterizedTest
    @ValueSource(classes = {BrokerResourceAdapter.class, BrokerManagedConnectionFactory.class, BrokerActivationSpec.class})
    void shouldOfferEachAnnotatedFieldAsABeanProperty(Class<?> type) throws Exception {
        BeanInfo bean = Introspector.getBeanInfo(type);
        Set<String> writable = Arrays.stream(bean.getPropertyDescriptors())
                .filter(p -> p.getReadMethod() != null && p.getWriteMethod() != null).map(p -> p.getName())
                .collect(Collectors.toSet());
        Set<String> annotated = Stream.<Class<?>>iterate(type, c -> c != Object.class, Class::getSuperclass)
                .flatMap(c -> Arrays.stream(c.getDeclaredFields())).filter(f -> f.isAnnotationPresent(ConfigProperty.class))
                .map(Field::getName).collect(Collectors.toCollection(TreeSet::new));
        assertTrue(annotated.containsAll(COMMON), annotated.toString());
        assertTrue(writable.containsAll(annotated), annotated + " but " + writable);
        for (Field field : type.getDeclaredFields()) {
            assertFalse(COMMON.contains(field.getName()), field + " stands a second time");
        }
    }

    @Test
    void shouldNeverPrintSecrets() {
        factory.setPassword("s3cret");
        factory.setToken("t0ken");
        String printed = factory + " " + factory.connection() + " " + inherited(factory).credentials();
        assertFalse(printed.contains("s3cret") || printed.contains("t0ken"), printed);
    }
}
