package org.memphisee.core.errand;

import org.memphisee.core.consumer.PartitionView.Answer;
import org.memphisee.core.partition.PartitionOperations;
import org.memphisee.core.time.BrokerClock;

/** How much a partition has; at least as new as any acknowledgement that was given before. */
record ReadFigures() implements Errand<PartitionFigures> {

    static ReadFigures read(ErrandReader in) {
        return new ReadFigures();
    }

    @Override
    public ErrandKind kind() {
        return ErrandKind.FIGURES;
    }

    @Override
    public void write(ErrandWriter out) { }

    @Override
    public void on(PartitionOperations p, BrokerClock clock, Answer<PartitionFigures> answer) {
        answer.known(new PartitionFigures(p.state(), p.letterFigures(), p.fault()));
    }

    @Override
    public void writeAnswer(PartitionFigures figures, ErrandWriter out) {
        figures.write(out);
    }

    @Override
    public PartitionFigures readAnswer(ErrandReader in) {
        return PartitionFigures.read(in);
    }
}
