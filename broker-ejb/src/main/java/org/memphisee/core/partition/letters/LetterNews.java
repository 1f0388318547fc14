package org.memphisee.core.partition.letters;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongFunction;

import org.memphisee.core.letters.Letter;
import org.memphisee.core.letters.LetterChanges;
import org.memphisee.core.letters.LetterRules;

/** Numbers of letters that came, changed or went since somebody took them, in the order of the first change. Shard's thread only. */
final class LetterNews {

    /** Numbers that are remembered; of more than that it is only known that it was too much. */
    static final int MOST = 10_000;

    private final LetterRules rules;
    private final Set<Long> ids = new LinkedHashSet<>();
    private boolean lost;
    private long count;

    /** Remembers as long as the rules say that somebody follows. */
    LetterNews(LetterRules rules) {
        this.rules = rules;
    }

    /** Something has happened to a letter. */
    void changed(long id) {
        if (!rules.followed()) {
            return;
        }
        count++;
        if (!lost && ids.add(id) && ids.size() > MOST) {
            ids.clear();
            lost = true;
        }
    }

    /** Changes with each change. */
    long count() {
        return count;
    }

    /** Takes what is remembered, at most so much; {@code letter} is null for one that is not there any more. */
    LetterChanges take(int most, LongFunction<Letter> letter) {
        boolean tooMuch = lost;
        lost = false;
        List<Letter> there = new ArrayList<>();
        List<Long> gone = new ArrayList<>();
        Iterator<Long> each = ids.iterator();
        for (int i = 0; i < most && each.hasNext(); i++) {
            long id = each.next();
            each.remove();
            Letter now = letter.apply(id);
            if (now == null) {
                gone.add(id);
            } else {
                there.add(now);
            }
        }
        return new LetterChanges(tooMuch, there, gone, !ids.isEmpty());
    }
}
