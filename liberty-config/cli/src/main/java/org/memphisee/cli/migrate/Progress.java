package org.memphisee.cli.migrate;

/** Told how far a command is. Any thread. */
public interface Progress {

    /** Nobody looks. */
    Progress NONE = new Progress() {
        @Override
        public void begins(String what, long messages) {
            // nobody looks
        }

        @Override
        public void moved() {
            // nobody looks
        }

        @Override
        public void ends(String how) {
            // nobody looks
        }
    };

    /** Something begins that goes over so many messages. */
    void begins(String what, long messages);

    /** One message more. */
    void moved();

    /** It ended. */
    void ends(String how);
}
