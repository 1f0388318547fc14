package org.memphisee.core.audit;

import com.fasterxml.jackson.databind.node.ObjectNode;

import org.memphisee.core.api.Author;
import org.memphisee.core.control.ChangeNote;
import org.memphisee.core.api.ChangeSubject;
import org.memphisee.core.api.ChangeSubject.Effect;
import org.memphisee.core.control.SystemEvent;
import org.memphisee.core.control.format.FormatException;
import org.memphisee.core.control.format.SystemEventCodec;
import org.memphisee.core.log.SideRecord;

/** Makes entries for people of stored events. */
final class Entries {

    private Entries() { }

    static AuditEntry of(SideRecord record) {
        if (!record.problem().isEmpty()) {
            return unreadable(record, record.problem());
        }
        try {
            ChangeNote note = SystemEventCodec.note(record.bytes());
            SystemEvent event = SystemEventCodec.decode(record.bytes());
            String action = event instanceof SystemEvent.ActionTaken taken ? taken.action() : SystemEventCodec.typeName(event);
            ObjectNode before = note.before() == null ? null : SystemEventCodec.members(note.before());
            if (event instanceof SystemEvent.GroupUpdated update && note.before() instanceof SystemEvent.GroupDefined group) {
                event = group.withLimits(update); // more follows from the limits than they say themselves
            }
            return new AuditEntry(record.number(), record.atNanos(), note.by(), action, note.subject(),
                before == null ? "" : before.toString(), after(note.subject().effect(), before, event), "");
        } catch (FormatException e) {
            return unreadable(record, e.getMessage());
        }
    }

    /** An event that changes a definition has the members that are another, under the names that they had. */
    private static String after(Effect effect, ObjectNode before, SystemEvent event) {
        if (effect == Effect.GONE) {
            return "";
        }
        ObjectNode members = SystemEventCodec.members(event);
        if (effect == Effect.CHANGED && before != null) {
            ObjectNode after = before.deepCopy();
            after.setAll(members);
            return after.toString();
        }
        return members.toString();
    }

    private static AuditEntry unreadable(SideRecord record, String problem) {
        return new AuditEntry(record.number(), record.atNanos(), Author.UNKNOWN, "", ChangeSubject.UNKNOWN, "", "", problem);
    }
}
