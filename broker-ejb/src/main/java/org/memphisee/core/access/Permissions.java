package org.memphisee.core.access;

import java.util.List;
import java.util.Locale;

import org.memphisee.core.control.StationLayout;

/**
 * What a user may do with which station (wire-protocol.md 2.6, features.md 8.5): read is to consume, write is to
 * create, remove, change and produce. Deny wins. A user without patterns may do everything; as soon as there is one
 * allow pattern, of whichever kind, only what is allowed may be done; with deny patterns alone, everything else. The
 * one place that decides this, for every door. Immutable; any thread.
 */
public final class Permissions {

    /** May do everything. */
    public static final Permissions UNRESTRICTED = of(PermissionPatterns.NONE);
    /** May do nothing: somebody who is no user (any more). */
    public static final Permissions NOTHING =
        of(new PermissionPatterns(List.of(), List.of(), List.of("*"), List.of("*")));

    private static final List<StationPattern> EVERYTHING = List.of(new StationPattern("*"));

    private final List<StationPattern> allowRead;
    private final List<StationPattern> allowWrite;
    private final List<StationPattern> denyRead;
    private final List<StationPattern> denyWrite;
    private final boolean listed;
    private final boolean readOnly;

    private Permissions(PermissionPatterns patterns, boolean readOnly) {
        this.readOnly = readOnly;
        allowRead = compiled(patterns.allowRead());
        allowWrite = compiled(patterns.allowWrite());
        denyRead = compiled(patterns.denyRead());
        denyWrite = compiled(patterns.denyWrite());
        listed = !allowRead.isEmpty() || !allowWrite.isEmpty();
    }

    /** The permissions that patterns give. */
    public static Permissions of(PermissionPatterns patterns) {
        return of(patterns, false);
    }

    /** The same; of who only looks nothing may be written, whatever the patterns say. */
    public static Permissions of(PermissionPatterns patterns, boolean readOnly) {
        return new Permissions(patterns, readOnly);
    }

    private static List<StationPattern> compiled(List<String> patterns) {
        return patterns.stream().map(StationPattern::new).toList();
    }

    /** Whether nothing may be changed at all, at stations or elsewhere. */
    public boolean readOnly() {
        return readOnly;
    }

    /** Whether patterns forbid anything. */
    public boolean restricted() {
        return listed || !denyRead.isEmpty() || !denyWrite.isEmpty();
    }

    /**
     * Whether messages may be read.
     *
     * @param station a station's external or internal name, or a plain stream's, in any case
     */
    public boolean mayRead(String station) {
        return may(allowRead, denyRead, station);
    }

    /**
     * Whether the station may be created, changed, removed and produced to.
     *
     * @param station a station's external or internal name, or a plain stream's, in any case
     */
    public boolean mayWrite(String station) {
        return !readOnly && may(allowWrite, denyWrite, station);
    }

    /**
     * Whether whoever has the other permissions may do nothing that may not be done with these. Judged by the patterns
     * one by one, so that a yes is always right, while a no may be told to a list that others cover only together.
     */
    public boolean cover(Permissions other) {
        return (!readOnly || other.readOnly) && (!restricted() || covered(other.listed, other.allowRead, other.denyRead, allowRead, denyRead)
            && (other.readOnly || covered(other.listed, other.allowWrite, other.denyWrite, allowWrite, denyWrite)));
    }

    private boolean covered(boolean otherListed, List<StationPattern> otherAllowed, List<StationPattern> otherDenied,
                            List<StationPattern> allowed, List<StationPattern> denied) {
        List<StationPattern> wanted = otherListed ? otherAllowed : EVERYTHING;
        List<StationPattern> open = denied.stream().filter(d -> !anyCovers(otherDenied, d)).toList();
        return wanted.stream().filter(pattern -> !anyCovers(otherDenied, pattern)).allMatch(pattern ->
            (!listed || anyCovers(allowed, pattern)) && open.stream().noneMatch(pattern::meets));
    }

    private static boolean anyCovers(List<StationPattern> patterns, StationPattern other) {
        return patterns.stream().anyMatch(pattern -> pattern.covers(other));
    }

    /** Whether anything may be done with the station. */
    public boolean mayUse(String station) {
        return mayRead(station) || mayWrite(station);
    }

    private boolean may(List<StationPattern> allowed, List<StationPattern> denied, String station) {
        if (denied.isEmpty() && !listed) {
            return true;
        }
        String name = StationLayout.externalName(station).toLowerCase(Locale.ROOT);
        return !matches(denied, name) && (!listed || matches(allowed, name));
    }

    private static boolean matches(List<StationPattern> patterns, String name) {
        for (StationPattern pattern : patterns) {
            if (pattern.matches(name)) {
                return true;
            }
        }
        return false;
    }
}
