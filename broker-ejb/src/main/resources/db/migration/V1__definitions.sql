-- Definitions of the broker for people and queries. A projection of the system log: numbers are the log's, rows are
-- written by the projection only, and everything can be built anew from the log.

create table users (
    id          bigint primary key,
    name        text not null,
    type        varchar(16) not null check (type in ('ROOT', 'MANAGEMENT', 'APPLICATION')),
    created_at  timestamptz not null
);
create unique index users_name on users (lower(name));

create table user_profile (
    user_id     bigint not null references users (id) on delete cascade,
    key         text not null,
    value       text not null,
    primary key (user_id, key)
);

create table stations (
    id                      bigint primary key,
    name                    text not null,
    native_station          boolean not null,
    retention_type          varchar(16) not null
                            check (retention_type in ('MESSAGE_AGE_SEC', 'MESSAGES', 'BYTES', 'ACK_BASED')),
    retention_value         bigint not null,
    storage                 varchar(8) not null check (storage in ('FILE', 'MEMORY')),
    replicas                integer not null,
    idempotency_window_ms   bigint not null,
    dls_poison              boolean not null,
    dls_schemaverse         boolean not null,
    dls_station_id          bigint references stations (id) on delete set null,
    tiered_storage          boolean not null,
    created_by              text not null,
    created_at              timestamptz not null,
    version                 integer not null
);
-- the names of plain streams are case-sensitive, those of stations are lower case
create unique index stations_name on stations (name, native_station);

create table station_tags (
    station_id  bigint not null references stations (id) on delete cascade,
    tag         text not null,
    primary key (station_id, tag)
);

create table partitions (
    id          bigint primary key,
    station_id  bigint not null references stations (id) on delete cascade,
    number      integer not null,
    stream_name text not null unique,
    config      text not null
);
create index partitions_station on partitions (station_id);

create table consumer_groups (
    station_id          bigint not null references stations (id) on delete cascade,
    name                text not null,
    max_ack_time_ms     bigint not null,
    max_deliveries      integer not null,
    start_from_sequence bigint not null,
    last_messages       bigint not null,
    created_at          timestamptz not null,
    primary key (station_id, name)
);

create table consumers (
    id              bigint primary key,
    partition_id    bigint not null references partitions (id) on delete cascade,
    station_id      bigint,
    group_name      text,
    name            text not null,
    start_sequence  bigint not null,
    config          text not null,
    created_at      timestamptz not null,
    foreign key (station_id, group_name) references consumer_groups (station_id, name) on delete cascade
);
create index consumers_partition on consumers (partition_id);
create index consumers_group on consumers (station_id, group_name);

create table settings (
    key         text primary key,
    value       text not null
);

-- how far the projection is, and in which log
create table projection_cursor (
    name        varchar(64) primary key,
    log_id      text not null,
    position    bigint not null,
    updated_at  timestamptz not null
);
