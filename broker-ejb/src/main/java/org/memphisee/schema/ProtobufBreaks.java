package org.memphisee.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;

/**
 * What keeps a reader's type from understanding what was written with a writer's: a number that means something of another
 * kind, a required field that the writer does not always write, and values of a closed enumeration that the reader does not
 * know. Fields that only one of them has are no break: the format passes over them.
 */
final class ProtobufBreaks {

    private record Pair(String reader, String writer) { }

    private final Set<Pair> seen = new HashSet<>();
    private final List<String> breaks = new ArrayList<>();

    List<String> find(Descriptor reader, Descriptor writer) {
        compare(reader, writer);
        return breaks;
    }

    private void compare(Descriptor reader, Descriptor writer) {
        if (!seen.add(new Pair(reader.getFullName(), writer.getFullName()))) {
            return;
        }
        for (FieldDescriptor field : reader.getFields()) {
            FieldDescriptor other = writer.findFieldByNumber(field.getNumber());
            String name = field.getFullName() + " (number " + field.getNumber() + ")";
            if (field.isRequired() && (other == null || !other.isRequired())) {
                breaks.add(name + " is required, and the other version does not always have it");
            }
            if (other != null) {
                compare(name, field, other);
            }
        }
    }

    private void compare(String name, FieldDescriptor field, FieldDescriptor other) {
        if (!alike(field.getType(), other.getType())) {
            breaks.add(name + " is of type " + word(field) + ", in the other version of type " + word(other));
        } else if (field.isRepeated() != other.isRepeated() && !lengthDelimited(field)) {
            breaks.add(name + (field.isRepeated() ? " is repeated" : " is not repeated") + ", and the other version differs");
        } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
            compare(field.getMessageType(), other.getMessageType());
        } else if (field.getJavaType() == FieldDescriptor.JavaType.ENUM && other.getJavaType() == FieldDescriptor.JavaType.ENUM
            && field.legacyEnumFieldTreatedAsClosed()) {
            for (EnumValueDescriptor value : other.getEnumType().getValues()) {
                if (field.getEnumType().findValueByNumber(value.getNumber()) == null) {
                    breaks.add(name + " does not know the value " + value.getName() + " of the other version");
                }
            }
        }
    }

    private static boolean lengthDelimited(FieldDescriptor field) {
        return switch (field.getType()) {
            case STRING, BYTES, MESSAGE -> true;
            default -> false;
        };
    }

    private static String word(FieldDescriptor field) {
        return field.getType().name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Types that the format writes in the same way, so that one may take the place of the other. */
    private static boolean alike(FieldDescriptor.Type a, FieldDescriptor.Type b) {
        return a == b || kind(a) == kind(b);
    }

    private static int kind(FieldDescriptor.Type type) {
        return switch (type) {
            case INT32, INT64, UINT32, UINT64, BOOL, ENUM -> 1;
            case SINT32, SINT64 -> 2;
            case FIXED32, SFIXED32 -> 3;
            case FIXED64, SFIXED64 -> 4;
            case STRING, BYTES -> 5;
            case MESSAGE -> 6;
            case GROUP -> 7;
            case FLOAT -> 8;
            case DOUBLE -> 9;
        };
    }
}
