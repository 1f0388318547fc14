-- Schemas with their versions, and which station has which of them.
create table schemas (
    id              bigint primary key,
    name            text not null unique,
    type            varchar(8) not null check (type in ('JSON', 'AVRO', 'PROTOBUF', 'GRAPHQL')),
    compatibility   varchar(8) not null check (compatibility in ('NONE', 'BACKWARD', 'FORWARD', 'FULL')),
    created_by      text not null,
    created_at      timestamptz not null
);

create table schema_versions (
    schema_id       bigint not null references schemas (id) on delete cascade,
    version_number  integer not null,
    active          boolean not null,
    schema_content  text not null,
    msg_struct_name text not null,
    descriptor      text not null,
    created_by      text not null,
    created_at      timestamptz not null,
    primary key (schema_id, version_number)
);
create unique index schema_versions_active on schema_versions (schema_id) where active;

create table schema_tags (
    schema_id   bigint not null references schemas (id) on delete cascade,
    tag         text not null,
    color       text not null,
    primary key (schema_id, tag)
);

-- No reference to the station: it may come a moment later, in the same log.
create table station_schemas (
    station_id      bigint primary key,
    schema_id       bigint not null,
    version_number  integer not null,
    enforcement     varchar(8) not null check (enforcement in ('OFF', 'WARN', 'REFUSE')),
    foreign key (schema_id, version_number) references schema_versions (schema_id, version_number) on delete cascade
);
create index station_schemas_schema on station_schemas (schema_id);
