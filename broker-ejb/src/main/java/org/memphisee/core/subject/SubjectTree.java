package org.memphisee.core.subject;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Who is interested in a subject: values bound to patterns. Look-ups from any thread without lock; changes are
 * serialised on the tree.
 *
 * @param <T> what is bound; compared by identity
 */
public final class SubjectTree<T> {

    private static final byte[] NO_BYTES = {};

    private final Node<T> root = new Node<>(NO_BYTES);

    /** Binds a value to a valid pattern. */
    public synchronized void add(byte[] pattern, T value) {
        Node<T> node = root;
        int start = 0;
        while (start <= pattern.length) {
            int end = tokenEnd(pattern, start, pattern.length);
            node = node.childForToken(pattern, start, end - start);
            start = end + 1;
        }
        node.values = appended(node.values, value);
    }

    /** Takes a binding back; unknown ones are ignored. Branches that hold nothing are cut. */
    public synchronized void remove(byte[] pattern, T value) {
        remove(root, pattern, 0, value);
    }

    /** Calls for each value bound to a pattern that the literal subject matches. */
    public void match(byte[] subject, int offset, int length, Consumer<T> found) {
        match(root, subject, offset, offset + length, found);
    }

    /**
     * Whether each subject that continues the prefix by one more token has the same matches, whatever the token is:
     * no pattern names that token. Inboxes are of this kind.
     *
     * @param prefix begins at the offset and ends before the dot
     */
    public boolean indifferentAfter(byte[] prefix, int offset, int length) {
        return indifferent(root, prefix, offset, offset + length);
    }

    private static <T> boolean indifferent(Node<T> node, byte[] s, int start, int end) {
        if (start > end) {
            return node.literals == null;
        }
        int tokenEnd = tokenEnd(s, start, end);
        ByteKeyMap<Node<T>> literals = node.literals;
        Node<T> literal = literals == null ? null : literals.get(s, start, tokenEnd - start);
        Node<T> any = node.any;
        return (literal == null || indifferent(literal, s, tokenEnd + 1, end))
            && (any == null || indifferent(any, s, tokenEnd + 1, end));
    }

    /** Everything bound, in no particular order. */
    public void forEach(Consumer<T> action) {
        forEach(root, action);
    }

    private boolean remove(Node<T> node, byte[] pattern, int start, T value) {
        if (start > pattern.length) {
            node.values = without(node.values, value);
            return node.empty();
        }
        int end = tokenEnd(pattern, start, pattern.length);
        Node<T> child = node.existing(pattern, start, end - start);
        if (child != null && remove(child, pattern, end + 1, value)) {
            node.cut(child);
        }
        return node != root && node.empty();
    }

    private static <T> void match(Node<T> node, byte[] s, int start, int end, Consumer<T> found) {
        Node<T> rest = node.rest;
        if (rest != null) {
            emit(rest.values, found);
        }
        int tokenEnd = tokenEnd(s, start, end);
        boolean last = tokenEnd == end;
        ByteKeyMap<Node<T>> literals = node.literals;
        Node<T> literal = literals == null ? null : literals.get(s, start, tokenEnd - start);
        if (literal != null) {
            if (last) {
                emit(literal.values, found);
            } else {
                match(literal, s, tokenEnd + 1, end, found);
            }
        }
        Node<T> any = node.any;
        if (any != null) {
            if (last) {
                emit(any.values, found);
            } else {
                match(any, s, tokenEnd + 1, end, found);
            }
        }
    }

    private static <T> void emit(List<T> values, Consumer<T> found) {
        for (int i = 0, n = values.size(); i < n; i++) {
            found.accept(values.get(i));
        }
    }

    private static <T> void forEach(Node<T> node, Consumer<T> action) {
        emit(node.values, action);
        Node<T> any = node.any; // each link is read once: it may be cut meanwhile
        if (any != null) {
            forEach(any, action);
        }
        Node<T> rest = node.rest;
        if (rest != null) {
            forEach(rest, action);
        }
        ByteKeyMap<Node<T>> literals = node.literals;
        if (literals != null) {
            literals.forEach(child -> forEach(child, action));
        }
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> appended(List<T> values, T value) {
        Object[] next = Arrays.copyOf(values.toArray(), values.size() + 1);
        next[values.size()] = value;
        return (List<T>) Arrays.asList(next);
    }

    @SuppressWarnings("unchecked")
    private static <T> List<T> without(List<T> values, T value) {
        return (List<T>) Arrays.asList(values.stream().filter(v -> v != value).toArray());
    }

    private static int tokenEnd(byte[] s, int from, int end) {
        int i = from;
        while (i < end && s[i] != '.') {
            i++;
        }
        return i;
    }

    private static final class Node<T> {
        private final byte[] token;
        private volatile ByteKeyMap<Node<T>> literals;
        private volatile Node<T> any;
        private volatile Node<T> rest;
        private volatile List<T> values = List.of();

        private Node(byte[] token) {
            this.token = token;
        }

        private Node<T> existing(byte[] s, int offset, int length) {
            if (length == 1 && s[offset] == '*') {
                return any;
            }
            if (length == 1 && s[offset] == '>') {
                return rest;
            }
            return literals == null ? null : literals.get(s, offset, length);
        }

        private Node<T> childForToken(byte[] s, int offset, int length) {
            Node<T> child = existing(s, offset, length);
            if (child != null) {
                return child;
            }
            child = new Node<>(Arrays.copyOfRange(s, offset, offset + length));
            if (length == 1 && s[offset] == '*') {
                any = child;
            } else if (length == 1 && s[offset] == '>') {
                rest = child;
            } else {
                if (literals == null) {
                    literals = new ByteKeyMap<>();
                }
                literals.put(child.token, child);
            }
            return child;
        }

        private void cut(Node<T> child) {
            if (any == child) {
                any = null;
            } else if (rest == child) {
                rest = null;
            } else {
                literals.remove(child.token);
                if (literals.size() == 0) {
                    literals = null;
                }
            }
        }

        private boolean empty() {
            return values.isEmpty() && any == null && rest == null && literals == null;
        }
    }
}
