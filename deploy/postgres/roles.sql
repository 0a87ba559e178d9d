-- The three roles beside the superuser, on the primary. Run again it sets the passwords anew, so that a changed secret holds
-- after the next set-up. Variables: other (the other node), self. In the environment: the three passwords.
\getenv reader READER_PASSWORD
\getenv loader LOADER_PASSWORD
\getenv replicator REPLICATOR_PASSWORD
set log_statement = 'none';
set log_min_duration_statement = -1;

select format('create role %I login', name)
from (values ('reader'), ('loader'), ('replicator')) as wanted (name)
where not exists (select from pg_roles where rolname = name)
\gexec

alter role replicator replication password :'replicator';
-- The ETL: owns the catalogue, and makes a schema for each release.
alter role loader password :'loader';
-- The API: reads whatever release there is or will be, and never longer than a request may last.
alter role reader password :'reader';
alter role reader set statement_timeout = '2s';
alter role reader set default_transaction_read_only = on;
grant pg_read_all_data to reader;

select 'create database catalog owner loader'
where not exists (select from pg_database where datname = 'catalog')
\gexec
revoke all on database catalog from public;
grant connect on database catalog to reader;

-- The other node streams through a slot, so that it can be away for a while; a slot of our own would hold WAL for nobody.
select pg_create_physical_replication_slot(:'other')
where not exists (select from pg_replication_slots where slot_name = :'other');
select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = :'self';
