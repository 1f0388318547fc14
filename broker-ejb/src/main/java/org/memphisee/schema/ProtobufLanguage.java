package org.memphisee.schema;

import java.io.IOException;
import java.util.Base64;
import java.util.List;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.squareup.wire.schema.CoreLoader;
import com.squareup.wire.schema.ErrorCollector;
import com.squareup.wire.schema.Linker;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.ProtoFile;
import com.squareup.wire.schema.Schema;
import com.squareup.wire.schema.internal.SchemaEncoder;
import com.squareup.wire.schema.internal.parser.ProtoFileElement;
import com.squareup.wire.schema.internal.parser.ProtoParser;

import org.memphisee.core.schema.MessageCheck;
import org.memphisee.core.schema.SchemaException;
import org.memphisee.core.schema.SchemaText;

/**
 * Protobuf, one file without imports. Wire reads the text and makes a descriptor, Google's library checks that and looks at
 * messages; SDKs get the descriptor.
 */
final class ProtobufLanguage implements Language {

    private static final String INVALID = "your Proto file is invalid: ";
    private static final int MAX_DEPTH = 100;

    @Override
    public SchemaText read(String file, String content, String messageName) throws SchemaException {
        Depth.check(content, MAX_DEPTH, INVALID);
        FileDescriptorProto proto = compile(file + ".proto", content);
        if (proto.getMessageTypeCount() == 0) {
            throw new SchemaException(INVALID + "it has no message");
        }
        FileDescriptor descriptor = descriptor(proto);
        String root = messageName.isEmpty() ? descriptor.getMessageTypes().get(0).getName() : messageName;
        root(descriptor, root);
        return new SchemaText(content, root, Base64.getEncoder().encodeToString(
            FileDescriptorSet.newBuilder().addFile(proto).build().toByteArray()));
    }

    @Override
    public MessageCheck check(SchemaText text) throws SchemaException {
        Descriptor root = root(descriptor(stored(text)), text.messageName());
        ProtobufData data = new ProtobufData(MAX_DEPTH);
        return (bytes, offset, length) -> {
            try {
                return data.problem(root, bytes, offset, length);
            } catch (InvalidProtocolBufferException e) {
                return "it is not a message of type " + root.getName() + ": " + e.getMessage();
            } catch (IOException e) {
                return "it cannot be read: " + e.getMessage();
            }
        };
    }

    @Override
    public List<String> breaks(SchemaText reader, SchemaText writer) throws SchemaException {
        return new ProtobufBreaks().find(root(descriptor(stored(reader)), reader.messageName()),
            root(descriptor(stored(writer)), writer.messageName()));
    }

    private static FileDescriptorProto compile(String file, String content) throws SchemaException {
        try {
            ProtoFileElement element = ProtoParser.Companion.parse(Location.get(file), content);
            if (!element.getImports().isEmpty() || !element.getPublicImports().isEmpty()) {
                throw new SchemaException(INVALID + "it imports other files, and a schema is one file");
            }
            ProtoFile source = ProtoFile.Companion.get(element);
            ErrorCollector errors = new ErrorCollector();
            Schema schema = new Linker(CoreLoader.INSTANCE, errors, true, true).link(List.of(source));
            errors.throwIfNonEmpty();
            byte[] encoded = new SchemaEncoder(schema).encode(schema.protoFile(file)).toByteArray();
            return FileDescriptorProto.parseFrom(encoded).toBuilder().setName(file).build();
        } catch (InvalidProtocolBufferException e) {
            throw new SchemaException(INVALID + e.getMessage());
        } catch (RuntimeException e) {
            throw new SchemaException(INVALID + e.getMessage());
        }
    }

    private static FileDescriptorProto stored(SchemaText text) throws SchemaException {
        try {
            return FileDescriptorSet.parseFrom(Base64.getDecoder().decode(text.descriptor())).getFile(0);
        } catch (InvalidProtocolBufferException | RuntimeException e) {
            throw new SchemaException(INVALID + e.getMessage());
        }
    }

    private static FileDescriptor descriptor(FileDescriptorProto proto) throws SchemaException {
        try {
            return FileDescriptor.buildFrom(proto, new FileDescriptor[0]);
        } catch (Descriptors.DescriptorValidationException | RuntimeException e) {
            throw new SchemaException(INVALID + e.getMessage());
        }
    }

    /** The message of that name; inside another one with a dot between, with or without the package. */
    private static Descriptor root(FileDescriptor file, String name) throws SchemaException {
        String local = file.getPackage().isEmpty() || !name.startsWith(file.getPackage() + ".") ? name
            : name.substring(file.getPackage().length() + 1);
        Descriptor found = null;
        for (String part : local.split("\\.")) {
            found = found == null ? file.findMessageTypeByName(part) : found.findNestedTypeByName(part);
            if (found == null) {
                throw new SchemaException(INVALID + "it has no message " + name);
            }
        }
        return found;
    }
}
