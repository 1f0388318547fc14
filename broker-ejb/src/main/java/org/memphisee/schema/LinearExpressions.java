package org.memphisee.schema;

import java.util.regex.Matcher;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;

/**
 * Regular expressions whose matching takes time in proportion to the text, whatever they say; look-around and
 * back-references, which need more, are refused when the schema is read. Each match is paid for.
 * Made by one thread; what it made is for any thread.
 */
final class LinearExpressions implements RegularExpressionFactory {

    private static final java.util.regex.Pattern UNICODE = java.util.regex.Pattern.compile("\\\\u([0-9a-fA-F]{4})");
    private static final int STEPS_SHARE = 16;

    /** Who pays for what a thread matches now. */
    private static final ThreadLocal<Budget> PAYING = ThreadLocal.withInitial(Budget::new);

    private String problem = "";

    /** From now on this budget pays for what the calling thread matches. */
    static void pay(Budget budget) {
        PAYING.set(budget);
    }

    /** Why an expression could not be used; empty when all can. Thrown things would be logged by the library. */
    String problem() {
        return problem;
    }

    @Override
    public RegularExpression getRegularExpression(String regex) {
        try {
            Pattern pattern = Pattern.compile(UNICODE.matcher(regex)
                .replaceAll(match -> Matcher.quoteReplacement("\\x{" + match.group(1) + "}")));
            long size = pattern.programSize();
            return text -> PAYING.get().tryTake(size * (text.length() + 1) / STEPS_SHARE) && pattern.matcher(text).find();
        } catch (PatternSyntaxException e) {
            problem = "the pattern " + regex + " is not supported: " + e.getDescription();
            return text -> false;
        }
    }
}
