package org.memphisee.core.errand;

/** An errand whose answer is yes or no. */
interface Telling extends Errand<Boolean> {

    @Override
    default void writeAnswer(Boolean answer, ErrandWriter out) {
        out.flag(answer);
    }

    @Override
    default Boolean readAnswer(ErrandReader in) {
        return in.flag();
    }
}
