package org.memphisee.ra;

import java.util.Locale;
import java.util.regex.Pattern;

import jakarta.resource.spi.InvalidPropertyException;

/** What a property may be, and the words for one that is something else: number RA0003, its name and the remedy. */
public final class PropertyCheck {

    /** A name or an address with a port behind it; an IPv6 address has more colons. */
    private static final Pattern WITH_PORT = Pattern.compile("[^:]+:\\d+|\\[.*]:\\d+");
    private static final Pattern NOT_IN_A_HOST = Pattern.compile("[\\s/@,]");

    private PropertyCheck() { }

    /**
     * Refuses with the text behind the property's name.
     *
     * @throws InvalidPropertyException if it does not hold
     */
    public static void holds(String name, boolean holds, String text) throws InvalidPropertyException {
        if (!holds) {
            throw new InvalidPropertyException("RA0003 Property " + name + " " + text);
        }
    }

    /**
     * A number from least to most.
     *
     * @throws InvalidPropertyException if it is outside, or not there
     */
    public static void range(String name, Number value, long least, long most) throws InvalidPropertyException {
        holds(name, value != null && value.longValue() >= least && value.longValue() <= most,
            "must be " + least + " to " + most + ", is " + value + "; correct it, or leave it out for its default");
    }

    /**
     * A number from least to most, or none.
     *
     * @throws InvalidPropertyException if it is outside
     */
    public static void rangeIfSet(String name, Number value, long least, long most) throws InvalidPropertyException {
        if (value != null) {
            range(name, value, least, most);
        }
    }

    /**
     * A text that is not blank.
     *
     * @throws InvalidPropertyException if it is blank, or not there
     */
    public static void required(String name, String value) throws InvalidPropertyException {
        holds(name, value != null && !value.isBlank(), "is required; set it to the name of a " + spoken(name));
    }

    /**
     * A host's name or address, or none.
     *
     * @throws InvalidPropertyException if it is a URL, a list, or has a port
     */
    static void address(String name, String value) throws InvalidPropertyException {
        String host = value == null ? "" : value.trim();
        holds(name, !NOT_IN_A_HOST.matcher(host).find() && !WITH_PORT.matcher(host).matches(),
            "must be one name or address without scheme and port, is \"" + host + "\"; the port has a property of its own");
    }

    /** {@code consumerGroup} as people say it. */
    private static String spoken(String name) {
        return name.replaceAll("(\\p{Lu})", " $1").toLowerCase(Locale.ROOT);
    }
}
