import type { Migration } from './migration.ts';

const RECEIVED = ['pat_id', 'issuer', 'pat_name', 'pat_name_folded', 'pat_birth_date', 'pat_sex'];
const KNOWN = [
  'pat_known_id',
  'pat_known_issuer',
  'pat_known_name',
  'pat_known_name_folded',
  'pat_known_birth_date',
  'pat_known_sex',
];
const list = (columns: readonly string[], of: string): string =>
  columns.map((name) => `${of}.${name}`).join(', ');
const changed = (columns: readonly string[]): string =>
  `(${list(columns, 'new')}) is distinct from (${list(columns, 'old')})`;

/**
 * The identity that a study goes out with, beside the one it came with: the practice's, where a person decided or the
 * patient is registered, otherwise the received one. `pat_known_at` says since when it is the practice's, and is null
 * while it is the received one. Triggers keep it, so that no writer can forget; a change of it is a new revision of
 * every series, so that nothing built from the old one is given again.
 */
export const knownIdentity: Migration = {
  name: '0021-known-identity',

  up: async (trx) => {
    const text = `
      alter table patient_identifier add column joined_at timestamptz not null default now();
      update patient_identifier set joined_at = created_at;
      update patient_identifier k set joined_at = m.merged_at
        from patient_merge m, jsonb_to_recordset(m.moved -> 'identifiers') as i(issuer text, value text)
       where m.undone_at is null and k.tenant_id = m.tenant_id and k.patient_id = m.survivor_id
         and k.issuer = i.issuer and k.value = i.value;

      create function note_joining() returns trigger language plpgsql as $$
      begin
        new.joined_at := now();
        return new;
      end $$;
      create trigger patient_identifier_joined before update of patient_id on patient_identifier for each row
        when (new.patient_id is distinct from old.patient_id) execute function note_joining();

      alter table study
        add column pat_known_id text,
        add column pat_known_issuer text,
        add column pat_known_name text,
        add column pat_known_name_folded text collate "C",
        add column pat_known_birth_date date,
        add column pat_known_sex text,
        add column pat_known_at timestamptz;
      update study set pat_known_id = pat_id, pat_known_issuer = issuer, pat_known_name = pat_name,
        pat_known_name_folded = pat_name_folded, pat_known_birth_date = pat_birth_date, pat_known_sex = pat_sex;
      create index study_known_id on study (tenant_id, pat_known_id, study_date desc);
      create index study_known_name on study (tenant_id, pat_known_name_folded, study_date desc);

      -- The record number, in the name of the group's first location; without one, what the patient was known by first.
      -- No row where the practice knows no number.
      create function practice_patient_id(in_tenant uuid, in_patient uuid) returns table (value text, issuer text)
      language sql stable as $$
        select p.mrn, l.issuer from patient p join location l on l.tenant_id = p.tenant_id and l.is_default
         where p.tenant_id = in_tenant and p.id = in_patient and p.mrn is not null
        union all
        (select k.value, k.issuer from patient_identifier k
          where k.tenant_id = in_tenant and k.patient_id = in_patient
            and not exists (select 1 from patient p where p.tenant_id = in_tenant and p.id = in_patient and p.mrn is not null)
          order by k.joined_at, k.created_at, k.issuer, k.value limit 1)
      $$;

      create function know_identity() returns trigger language plpgsql
      set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off
      as $$
      declare
        v_patient record;
        v_id record;
      begin
        ${RECEIVED.map((name, at) => `new.${KNOWN[at]} := new.${name};`).join('\n        ')}
        new.pat_known_at := null;
        if new.patient_id is null then return new; end if;
        select p.registration, p.name, p.name_folded, p.birth_date, p.sex into v_patient
          from patient p where p.tenant_id = new.tenant_id and p.id = new.patient_id;
        select k.value, k.issuer into v_id from practice_patient_id(new.tenant_id, new.patient_id) k;
        if v_patient.registration = 'imaging-only' and new.match_state <> 'matched'
          and (v_id.value, v_id.issuer) is not distinct from (new.pat_id, new.issuer) then
          return new;
        end if;
        -- A number that the practice does not know to be this patient's may be somebody else's.
        new.pat_known_id := v_id.value;
        new.pat_known_issuer := v_id.issuer;
        -- What a person decided may contradict what was received; a proven number does not.
        new.pat_known_name := v_patient.name;
        new.pat_known_name_folded := v_patient.name_folded;
        new.pat_known_birth_date := case when new.match_state = 'matched' then v_patient.birth_date
          else coalesce(v_patient.birth_date, new.pat_birth_date) end;
        new.pat_known_sex := case when new.match_state = 'matched' then v_patient.sex
          else coalesce(v_patient.sex, new.pat_sex) end;
        new.pat_known_at := now();
        if tg_op = 'UPDATE' and old.pat_known_at is not null and not (${changed(KNOWN)}) then
          new.pat_known_at := old.pat_known_at;
        end if;
        return new;
      end $$;
      create trigger study_identity_made before insert on study for each row execute function know_identity();
      -- Whatever anybody writes into pat_known_at, the trigger decides anew.
      create trigger study_identity_changed before update on study for each row
        when (${changed(['patient_id', 'match_state', ...RECEIVED, 'pat_known_at'])})
        execute function know_identity();

      create function renew_series() returns trigger language plpgsql as $$
      begin
        update series set revision = revision + 1 where tenant_id = new.tenant_id and study_id = new.id;
        return null;
      end $$;
      create trigger study_identity_known after update on study for each row
        when (old.revision > 0 and ${changed([...KNOWN, 'pat_known_at'])}) execute function renew_series();

      create function renew_known_identity() returns trigger language plpgsql as $$
      begin
        update study s set pat_known_at = null
         where s.tenant_id = new.tenant_id and s.patient_id = new.id and s.pat_known_at is not null;
        return null;
      end $$;
      create trigger patient_identity_changed after update on patient for each row
        when (${changed(['registration', 'mrn', 'name', 'birth_date', 'sex'])})
        execute function renew_known_identity();

      create function renew_known_id() returns trigger language plpgsql as $$
      declare
        v_tenant uuid := coalesce(new.tenant_id, old.tenant_id);
        v_patient uuid;
      begin
        foreach v_patient in array array_remove(array[new.patient_id, old.patient_id], null) loop
          update study s set pat_known_at = case when s.pat_known_at is null then now() end
            from (select max(k.value) as value, max(k.issuer) as issuer from practice_patient_id(v_tenant, v_patient) k) k
           where s.tenant_id = v_tenant and s.patient_id = v_patient
             and (s.pat_known_id, s.pat_known_issuer) is distinct from (k.value, k.issuer);
        end loop;
        return null;
      end $$;
      create trigger patient_identifier_made after insert on patient_identifier for each row execute function renew_known_id();
      create trigger patient_identifier_moved after update of patient_id on patient_identifier for each row
        execute function renew_known_id();
      create trigger patient_identifier_gone after delete on patient_identifier for each row execute function renew_known_id();
      revoke all on function practice_patient_id from public;
      grant execute on function practice_patient_id to archwire_app;

      update study s set pat_known_at = now()
        from patient p
       where p.tenant_id = s.tenant_id and p.id = s.patient_id
         and (s.match_state = 'matched' or p.registration = 'registered'
           or exists (select 1 from patient_merge m where m.tenant_id = p.tenant_id and m.survivor_id = p.id and m.undone_at is null));
    `;
    await trx.raw(text.replaceAll('?', '\\?'));
  },

  down: async (trx) => {
    await trx.raw(`
      drop trigger patient_identity_changed on patient;
      drop trigger patient_identifier_made on patient_identifier;
      drop trigger patient_identifier_moved on patient_identifier;
      drop trigger patient_identifier_gone on patient_identifier;
      drop trigger patient_identifier_joined on patient_identifier;
      drop trigger study_identity_made on study;
      drop trigger study_identity_changed on study;
      drop trigger study_identity_known on study;
      drop function know_identity, renew_series, renew_known_identity, renew_known_id, practice_patient_id, note_joining;
      alter table study ${[...KNOWN, 'pat_known_at'].map((name) => `drop column ${name}`).join(', ')};
      alter table patient_identifier drop column joined_at;
    `);
  },
};
