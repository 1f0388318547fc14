package org.memphisee.schema;

import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.avro.Schema;

/**
 * Whether JSON conforms to an Avro schema, as lenient as the most lenient SDK: a value of a union may be wrapped in the name of
 * its branch or not, members that the schema does not know are passed over, and one with a default or that may be null may be
 * missing.
 */
final class AvroData {

    private static final int LATIN_1 = 0xFF;
    private static final String FITS = "";

    private final Budget budget;

    AvroData(Budget budget) {
        this.budget = budget;
    }

    /** Empty when it conforms, else what is wrong. */
    String problem(Schema schema, JsonNode value) {
        String problem = look(schema, value);
        return problem.isEmpty() ? FITS : "$" + problem;
    }

    /** Empty, or the rest of the path and what is wrong there. */
    private String look(Schema schema, JsonNode value) {
        budget.take(1);
        return switch (schema.getType()) {
            case NULL -> expect(value.isNull(), " is not null");
            case BOOLEAN -> expect(value.isBoolean(), " is not true or false");
            case INT -> expect(value.isIntegralNumber() && value.canConvertToInt(), " is not a whole number of 32 bits");
            case LONG -> expect(value.isIntegralNumber() && value.canConvertToLong(), " is not a whole number of 64 bits");
            case FLOAT, DOUBLE -> expect(value.isNumber(), " is not a number");
            case STRING -> expect(value.isTextual(), " is not a string");
            case BYTES -> expect(value.isTextual() && bytes(value.textValue()), " is not a string of bytes");
            case FIXED -> value.isTextual() && value.textValue().length() == schema.getFixedSize() && bytes(value.textValue())
                ? FITS : " is not a string of " + schema.getFixedSize() + " bytes";
            case ENUM -> value.isTextual() && schema.hasEnumSymbol(value.textValue()) ? FITS
                : " is not a symbol of " + schema.getFullName();
            case ARRAY -> array(schema, value);
            case MAP -> map(schema, value);
            case RECORD -> fields(schema, value);
            case UNION -> union(schema, value);
        };
    }

    private static String expect(boolean fits, String otherwise) {
        return fits ? FITS : otherwise;
    }

    private static boolean bytes(String text) {
        return text.chars().allMatch(c -> c <= LATIN_1);
    }

    private String array(Schema schema, JsonNode value) {
        if (!value.isArray()) {
            return " is not an array";
        }
        int i = 0;
        for (JsonNode element : value) {
            String problem = look(schema.getElementType(), element);
            if (!problem.isEmpty()) {
                return "[" + i + "]" + problem;
            }
            i++;
        }
        return FITS;
    }

    private String map(Schema schema, JsonNode value) {
        if (!value.isObject()) {
            return " is not an object";
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            String problem = look(schema.getValueType(), member.getValue());
            if (!problem.isEmpty()) {
                return "." + member.getKey() + problem;
            }
        }
        return FITS;
    }

    private String fields(Schema schema, JsonNode value) {
        if (!value.isObject()) {
            return " is not an object";
        }
        for (Schema.Field field : schema.getFields()) {
            JsonNode member = value.get(field.name());
            String problem;
            if (member == null) {
                budget.take(1);
                problem = field.hasDefaultValue() || field.schema().isNullable() ? FITS : " is missing";
            } else {
                problem = look(field.schema(), member);
            }
            if (!problem.isEmpty()) {
                return "." + field.name() + problem;
            }
        }
        return FITS;
    }

    private String union(Schema schema, JsonNode value) {
        String wrongInside = FITS;
        for (Schema branch : schema.getTypes()) {
            String problem = look(branch, value);
            JsonNode wrapped = problem.isEmpty() || !value.isObject() || value.size() != 1 ? null : value.get(branch.getFullName());
            if (wrapped != null) {
                problem = look(branch, wrapped);
            }
            if (problem.isEmpty()) {
                return FITS;
            }
            if (wrongInside.isEmpty() && !problem.startsWith(" ")) {
                wrongInside = problem;
            }
        }
        return wrongInside.isEmpty() ? " fits no branch of the union" : wrongInside;
    }
}
