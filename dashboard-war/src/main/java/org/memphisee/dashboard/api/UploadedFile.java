package org.memphisee.dashboard.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file of a form that was sent as {@code multipart/form-data} (RFC 7578). The body was read within its limit before, so that
 * nothing is written to a disk on the way.
 *
 * @param name as the sender calls it; never a path to use
 * @param bytes its content
 */
record UploadedFile(String name, byte[] bytes) {

    private static final Pattern FORM = Pattern.compile("\\s*multipart/form-data\\s*;.*", Pattern.CASE_INSENSITIVE);
    private static final Pattern BOUNDARY = Pattern.compile(";\\s*boundary=(?:\"([^\"]{1,70})\"|([^\\s;\"]{1,70}))",
        Pattern.CASE_INSENSITIVE);
    private static final Pattern DISPOSITION = Pattern.compile("(?im)^content-disposition:[ \\t]*form-data;([^\\r\\n]{1,4096})$");
    private static final Pattern PART = Pattern.compile("(?:^|[;\\s])name=\"([^\"]{0,255})\"", Pattern.CASE_INSENSITIVE);
    private static final Pattern FILE = Pattern.compile("(?:^|[;\\s])filename=\"([^\"]{0,1024})\"", Pattern.CASE_INSENSITIVE);
    private static final String LINE = "\r\n";

    /**
     * The first file of this name.
     *
     * @param contentType of the request, null for none
     * @param field name of the form's field
     * @return empty when the body is no such form, is cut off or has no such file
     */
    static Optional<UploadedFile> of(String contentType, byte[] body, String field) {
        Matcher boundary = BOUNDARY.matcher(contentType == null ? "" : contentType);
        if (contentType == null || !FORM.matcher(contentType).matches() || !boundary.find()) {
            return Optional.empty();
        }
        String mark = LINE + "--" + (boundary.group(1) == null ? boundary.group(2) : boundary.group(1));
        String form = LINE + new String(body, StandardCharsets.ISO_8859_1); // a character for each byte
        int at = form.indexOf(mark);
        while (at >= 0) {
            int begin = at + mark.length();
            int next = form.indexOf(mark, begin);
            int content = form.indexOf(LINE + LINE, begin);
            if (next < 0 || content < 0 || content > next || !form.startsWith(LINE, begin)) {
                return Optional.empty(); // cut off, or the end
            }
            Optional<String> name = name(form.substring(begin, content), field);
            if (name.isPresent()) {
                return Optional.of(new UploadedFile(name.get(), Arrays.copyOfRange(body,
                    content + LINE.length(), Math.max(content + LINE.length(), next - LINE.length()))));
            }
            at = next;
        }
        return Optional.empty();
    }

    private static Optional<String> name(String headers, String field) {
        Matcher disposition = DISPOSITION.matcher(headers);
        if (!disposition.find()) {
            return Optional.empty();
        }
        Matcher part = PART.matcher(disposition.group(1));
        Matcher file = FILE.matcher(disposition.group(1));
        return part.find() && part.group(1).equals(field) && file.find() ? Optional.of(file.group(1)) : Optional.empty();
    }

    /** Whether its name ends in one of these, in any case. */
    boolean endsWith(String... ends) {
        String lower = name.toLowerCase(Locale.ROOT);
        return Stream.of(ends).anyMatch(lower::endsWith);
    }
}
