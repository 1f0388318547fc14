package org.memphisee.core.access;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import org.memphisee.core.control.UserDefinition;

/**
 * What people write about a user; nothing of it decides anything (management-api.md M-005). Immutable.
 *
 * @param fullName full name, at most 30 characters
 * @param team team, at most 20
 * @param position position, at most 30
 * @param description description, at most 100
 * @param owner who made the user, empty for the broker
 * @param avatarId number of a picture
 * @param skipGetStarted whether the tour for beginners is not wanted
 */
public record UserProfile(String fullName, String team, String position, String description, String owner, int avatarId,
                          boolean skipGetStarted) {

    /** Nothing written. */
    public static final UserProfile EMPTY = new UserProfile("", "", "", "", "", 1, false);

    private static final String FULL_NAME = "full_name";
    private static final String TEAM = "team";
    private static final String POSITION = "position";
    private static final String DESCRIPTION = "description";
    private static final String OWNER = "owner";
    private static final String AVATAR = "avatar_id";
    private static final String SKIP = "skip_get_started";

    public UserProfile {
        Objects.requireNonNull(fullName, "full name is required");
        Objects.requireNonNull(team, "team is required");
        Objects.requireNonNull(position, "position is required");
        Objects.requireNonNull(description, "description is required");
        Objects.requireNonNull(owner, "owner is required");
    }

    /** The profile of a user. */
    static UserProfile of(UserDefinition user) {
        Map<String, String> texts = user.profile();
        return new UserProfile(texts.getOrDefault(FULL_NAME, ""), texts.getOrDefault(TEAM, ""),
            texts.getOrDefault(POSITION, ""), texts.getOrDefault(DESCRIPTION, ""), texts.getOrDefault(OWNER, ""),
            avatar(texts.getOrDefault(AVATAR, "1")), texts.containsKey(SKIP));
    }

    private static int avatar(String text) {
        return text.matches("\\d{1,9}") ? Integer.parseInt(text) : 1;
    }

    /** The same with another picture. */
    public UserProfile withAvatar(int avatar) {
        return new UserProfile(fullName, team, position, description, owner, avatar, skipGetStarted);
    }

    /** The same without the tour for beginners. */
    public UserProfile withoutTour() {
        return new UserProfile(fullName, team, position, description, owner, avatarId, true);
    }

    /** The stored form: only what is not the default. */
    Map<String, String> texts() {
        Map<String, String> texts = new HashMap<>();
        put(texts, FULL_NAME, fullName);
        put(texts, TEAM, team);
        put(texts, POSITION, position);
        put(texts, DESCRIPTION, description);
        put(texts, OWNER, owner);
        if (avatarId != EMPTY.avatarId) {
            texts.put(AVATAR, String.valueOf(avatarId));
        }
        if (skipGetStarted) {
            texts.put(SKIP, "true");
        }
        return texts;
    }

    private static void put(Map<String, String> texts, String key, String text) {
        if (!text.isEmpty()) {
            texts.put(key, text);
        }
    }
}
