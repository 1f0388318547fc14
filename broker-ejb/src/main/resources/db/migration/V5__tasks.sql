-- Tasks that run, and the last ones that ended.
create table tasks (
    id          bigint primary key,
    kind        text not null,
    station     text not null,
    user_name   text not null,
    arguments   text not null,
    started_at  timestamptz not null,
    done        bigint not null,
    total       bigint not null,
    data        text not null,
    outcome     varchar(16) check (outcome in ('COMPLETED', 'FAILED', 'CANCELLED', 'INTERRUPTED')),
    reason      text not null,
    ended_at    timestamptz
);
