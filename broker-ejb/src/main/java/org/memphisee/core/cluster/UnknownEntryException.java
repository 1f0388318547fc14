package org.memphisee.core.cluster;

/** The entry is whole, and holds something that only a newer release knows. */
public final class UnknownEntryException extends EntryFormatException {

    private static final long serialVersionUID = 1L;

    /** What of an entry is unknown. */
    public enum Part { VERSION, KIND, CHANGE }

    private final Part part;
    private final int version;
    private final int number;

    /**
     * Tells what is unknown.
     *
     * @param version version of the entry
     * @param number of the part: the version again, the kind of the entry, or the kind of one of its changes
     */
    UnknownEntryException(Part part, int version, int number) {
        super(text(part, version, number) + "; a newer release wrote it. This node stops before it and applies nothing of it: "
            + "start it with the release of the group's leader or a later one", null);
        this.part = part;
        this.version = version;
        this.number = number;
    }

    private static String text(Part part, int version, int number) {
        return switch (part) {
            case VERSION -> "the entry has format version " + version + ", readable is " + EntryCodec.VERSION;
            case KIND -> "the entry, of format version " + version + ", is of the unknown kind " + number;
            case CHANGE -> "the entry, of format version " + version + ", has a change of the unknown kind " + number;
        };
    }

    /** What is unknown. */
    public Part part() {
        return part;
    }

    /** Format version of the entry. */
    public int version() {
        return version;
    }

    /** Its number: the version again, the kind of the entry, or the kind of the change. */
    public int number() {
        return number;
    }
}
