package org.memphisee.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.Random;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import org.junit.jupiter.api.Test;

import org.memphisee.core.schema.MessageCheck;
import org.memphisee.core.schema.SchemaText;
import org.memphisee.core.schema.SchemaType;

class ProtobufLanguageTest {

    private static final String ORDER = "syntax = \"proto3\"; package shop; message Order { int64 id = 1; string name = 2; "
        + "repeated int32 n = 3; Line line = 4; map<string, int32> m = 5; enum Kind { A = 0; B = 1; } Kind kind = 6; "
        + "oneof x { bytes y = 7; double z = 8; } message Line { sint32 a = 1; Order back = 2; } fixed32 f = 9; } "
        + "message Other { bool b = 1; }";
    private static final String OLD = "syntax = \"proto2\"; message A { required int32 a = 1; optional string s = 2; "
        + "repeated A more = 4; optional fixed64 f = 5; repeated sint64 n = 6 [packed=true]; }";

    private final SchemaFixture proto = new SchemaFixture(SchemaType.PROTOBUF);

    @Test
    void shouldMakeADescriptorThatNamesTheFile() throws Exception {
        SchemaText text = proto.read(ORDER, "");
        assertEquals("Order", text.messageName());
        FileDescriptorSet set = FileDescriptorSet.parseFrom(Base64.getDecoder().decode(text.descriptor()));
        assertEquals(1, set.getFileCount());
        assertEquals("name_1.proto", set.getFile(0).getName());
        assertEquals("shop", set.getFile(0).getPackage());
        assertEquals("proto3", set.getFile(0).getSyntax());
        assertEquals("Other", proto.read(ORDER, "Other").messageName());
        assertEquals("Order.Line", proto.read(ORDER, "Order.Line").messageName());
    }

    @Test
    void shouldRefuseWhatIsNoSchema() {
        for (String bad : new String[] {"{", "message", "message A { int32 a = 1; int32 b = 1; }", "message A { Nothing a = 1; }",
            "import \"other.proto\"; message A {}", "syntax = \"proto3\";", "message A { required int32 a = 0; }", "1",
            "message A {".repeat(1_000) + "}".repeat(1_000), "syntax = \"proto3\"; message A { int32 a = 1; int32 a = 2; }"}) {
            assertTrue(proto.refusal(bad).startsWith("your Proto file is invalid: "), bad);
        }
    }

    @Test
    void shouldDecideAsTheLibraryDoesWhenItParses() throws Exception {
        for (String schema : new String[] {ORDER, OLD}) {
            Descriptor type = type(proto.read(schema, ""));
            MessageCheck check = proto.check(schema);
            Random random = new Random(7);
            int valid = 0;
            for (int i = 0; i < 200_000; i++) {
                byte[] bytes = new byte[random.nextInt(24)];
                random.nextBytes(bytes);
                for (int b = 0; b < bytes.length; b++) { // mostly small: tags and lengths that exist
                    bytes[b] = random.nextInt(4) == 0 ? bytes[b] : (byte) (bytes[b] & 0x2F);
                }
                boolean expected = parses(type, bytes);
                valid += expected ? 1 : 0;
                String problem = SchemaFixture.problem(check, bytes);
                assertEquals(expected, problem.isEmpty(), java.util.HexFormat.of().formatHex(bytes) + " " + problem);
            }
            assertTrue(valid > 100, "valid ones are among them: " + valid);
        }
    }

    private static boolean parses(Descriptor type, byte[] bytes) {
        try {
            DynamicMessage.parseFrom(type, bytes);
            return true;
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    private static Descriptor type(SchemaText text) throws Exception {
        FileDescriptorSet set = FileDescriptorSet.parseFrom(Base64.getDecoder().decode(text.descriptor()));
        return FileDescriptor.buildFrom(set.getFile(0), new FileDescriptor[0]).getMessageTypes().get(0);
    }

    @Test
    void shouldSayWhatIsMissingOrNotText() throws Exception {
        assertEquals("A.a is missing", SchemaFixture.problem(proto.check(OLD), new byte[] {0x12, 1, 'x'}));
        assertEquals("shop.Order.name is not UTF-8", SchemaFixture.problem(proto.check(ORDER), new byte[] {0x12, 1, (byte) 0xFF}));
        assertNotEquals("", SchemaFixture.problem(proto.check(ORDER), new byte[] {0x12, 9}));
        byte[] deep = new byte[0];
        for (int i = 0; i < 120; i++) {
            byte[] outer = new byte[deep.length + 4];
            outer[0] = 0x22;
            outer[1] = (byte) (deep.length + 0 & 0x7F | 0x80);
            outer[2] = (byte) (deep.length >> 7);
            System.arraycopy(deep, 0, outer, 3, deep.length);
            deep = java.util.Arrays.copyOf(outer, deep.length + 3);
        }
        byte[] nested = new byte[400];
        java.util.Arrays.fill(nested, (byte) 0x23); // groups that begin
        assertNotEquals("", SchemaFixture.problem(proto.check(OLD), nested));
        assertEquals(parses(type(proto.read(ORDER, "")), deep), SchemaFixture.problem(proto.check(ORDER), deep).isEmpty());
    }

    @Test
    void shouldNameEachBreak() {
        proto.breaks(ORDER, ORDER);
        proto.breaks("message A { optional int32 a = 1; }", "message A { optional int64 a = 1; optional int32 b = 2; }");
        proto.breaks("message A { optional string a = 1; }", "message A { optional int64 a = 1; }", "A.a (number 1) is of type string");
        proto.breaks("message A { required string a = 1; }", "message A { optional string a = 1; }", "A.a (number 1) is required");
        proto.breaks("message A { optional B b = 1; } message B { optional A a = 1; optional float f = 2; }",
            "message A { optional B b = 1; } message B { optional A a = 1; optional double f = 2; }", "B.f (number 2)");
    }
}
