package org.memphisee.schema;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;

/**
 * Whether bytes are a message of a type, as Google's library decides when it parses them, but without making the message: what
 * is there is read past, and nothing is kept. Fields that the type does not know, or knows with another wire type, are passed
 * over as there. Time and depth follow from the length.
 */
final class ProtobufData {

    private static final int BUFFER = 1024;

    private final int maxDepth;

    ProtobufData(int maxDepth) {
        this.maxDepth = maxDepth;
    }

    /** Empty when they are, else what is wrong; throws when they cannot be read at all. */
    String problem(Descriptor type, byte[] bytes, int offset, int length) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes, offset, length);
        in.setRecursionLimit(maxDepth);
        String problem = message(type, in, 0);
        if (problem.isEmpty()) {
            in.checkLastTagWas(0);
        }
        return problem;
    }

    private String message(Descriptor type, CodedInputStream in, int depth) throws IOException {
        if (depth > maxDepth) {
            return "it is nested more than " + maxDepth + " deep";
        }
        boolean[] seen = requires(type) ? new boolean[type.getFields().size()] : null;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            String problem = field == null ? skip(in, tag) : value(field, in, tag, depth);
            if (!problem.isEmpty()) {
                return problem;
            }
            if (seen != null && field != null && WireFormat.getTagWireType(tag) == field.getLiteType().getWireType()) {
                seen[field.getIndex()] = true;
            }
        }
        return missing(type, seen);
    }

    private static String skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            in.checkLastTagWas(0); // throws: a group ends that has not begun
        }
        return "";
    }

    private String value(FieldDescriptor field, CodedInputStream in, int tag, int depth) throws IOException {
        if (WireFormat.getTagWireType(tag) != field.getLiteType().getWireType()) {
            return packed(field, in, tag);
        }
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            int limit = in.pushLimit(in.readRawVarint32());
            String problem = message(field.getMessageType(), in, depth + 1);
            if (problem.isEmpty()) {
                in.checkLastTagWas(0);
                in.popLimit(limit);
            }
            return problem;
        }
        if (field.needsUtf8Check()) {
            return utf8(in.readByteBuffer()) ? "" : field.getFullName() + " is not UTF-8";
        }
        return skip(in, tag);
    }

    /** Numbers may come together, whatever the field says of that. */
    private static String packed(FieldDescriptor field, CodedInputStream in, int tag) throws IOException {
        if (!field.isPackable() || WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            return skip(in, tag);
        }
        int limit = in.pushLimit(in.readRawVarint32());
        int each = field.getLiteType().getWireType();
        while (in.getBytesUntilLimit() > 0) {
            in.skipField(each);
        }
        in.popLimit(limit);
        return "";
    }

    private static boolean utf8(ByteBuffer bytes) {
        int at = bytes.position();
        while (at < bytes.limit() && bytes.get(at) >= 0) {
            at++;
        }
        if (at == bytes.limit()) {
            return true; // ASCII, as mostly
        }
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer out = CharBuffer.allocate(Math.min(bytes.remaining(), BUFFER));
        CoderResult result = decoder.decode(bytes, out, true);
        while (result.isOverflow()) {
            out.clear();
            result = decoder.decode(bytes, out, true);
        }
        return !result.isError();
    }

    private static boolean requires(Descriptor type) {
        return type.getFields().stream().anyMatch(FieldDescriptor::isRequired);
    }

    private static String missing(Descriptor type, boolean[] seen) {
        if (seen != null) {
            for (FieldDescriptor field : type.getFields()) {
                if (field.isRequired() && !seen[field.getIndex()]) {
                    return field.getFullName() + " is missing";
                }
            }
        }
        return "";
    }
}
