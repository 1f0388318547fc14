-- Where dead letters lie and what is known of them. The letters themselves, with headers and payload, are in the log; rows are written
-- anew from there when they are missing. Numbers are the log's.
create table dead_letters (
    partition_id    bigint not null references partitions (id) on delete cascade,
    id              bigint not null,
    kind            varchar(8) not null check (kind in ('UNACKED', 'SCHEMA')),
    sequence        bigint not null,
    sent_at         timestamptz not null,
    updated_at      timestamptz not null,
    size            integer not null,
    error           text not null,
    producer        text not null,
    -- of everything that is known of the letter: tells whether the row is as the log has it
    checksum        bigint not null,
    primary key (partition_id, id)
);
create unique index dead_letters_message on dead_letters (partition_id, sequence) where kind = 'UNACKED';
create index dead_letters_updated on dead_letters (updated_at);

create table dead_letter_groups (
    partition_id    bigint not null,
    letter_id       bigint not null,
    name            text not null,
    cause           varchar(12) not null check (cause in ('DELIVERIES', 'TERMINATED')),
    deliveries      integer not null,
    reason          text not null,
    given_up_at     timestamptz not null,
    again           varchar(12) not null check (again in ('NO', 'BY_HAND', 'BY_ITSELF', 'FINAL')),
    attempts        integer not null,
    due_at          timestamptz,
    copied          boolean not null,
    primary key (partition_id, letter_id, name),
    foreign key (partition_id, letter_id) references dead_letters (partition_id, id) on delete cascade
);
create index dead_letter_groups_name on dead_letter_groups (name);
