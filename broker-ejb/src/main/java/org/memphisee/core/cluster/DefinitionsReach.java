package org.memphisee.core.cluster;

/** How far what is defined in the cluster has come into effect at this node. Any thread; nothing here waits. */
public interface DefinitionsReach {

    /** Of a node that is alone, or knows nothing of the others: everything is in effect. */
    DefinitionsReach ALL = new DefinitionsReach() {
        @Override
        public long begun() {
            return 0;
        }

        @Override
        public void whenReached(long event, Runnable then) {
            then.run();
        }
    };

    /** The last system event of which anything may be in effect here; 0 for none. */
    long begun();

    /** Runs something when all that follows from events up to this one is in effect here, perhaps never. On any thread. */
    void whenReached(long event, Runnable then);
}
