/** What the data is like; the same figures make the same data. */
export const SEED = { studies: 1_000_000, tenants: 20, patients: 100_000 } as const;

/** Names as a clinic's are: some common, most rare, a word of the one in the other. */
const NAMES = `
  create temporary table syllable as
    select n, (array['mar','tin','gar','ci','lo','pez','smi','th','du','bois','mo','re','au','sil','va','san','chez','ber','nard',
      'ro','bert','pe','tit','le','roy','da','vid','fon','te','ni','co','las','ha','ris','wal','ker','yo','ung','al','len'])[n] as s
      from generate_series(1, 40) n;
  create temporary table family as
    select row_number() over (order by md5(a.s || b.s || coalesce(c.s, ''))) as n, a.s || b.s || coalesce(c.s, '') as word
      from syllable a cross join syllable b left join syllable c on c.n <= 4 and (a.n + b.n) % 3 = 0
     where a.n <> b.n;
  create temporary table given as
    select row_number() over (order by md5(a.s || b.s)) as n, b.s || a.s as word from syllable a, syllable b where a.n <> b.n;
  create index on family (n); create index on given (n); analyze family; analyze given;`;

const steps = (owner: (sql: string) => Promise<unknown>): readonly (() => Promise<unknown>)[] => {
  const share = `case when n <= ${SEED.patients / 2} then 1 else 2 + n % ${SEED.tenants - 1} end`;
  return [
    () =>
      owner(`create table bench_tenant as select row_number() over (order by t.created_at, t.id) as n, t.id as tenant_id from tenant t;
       insert into tenant (name) select 'Group ' || n from generate_series(2, ${SEED.tenants}) n;
       insert into bench_tenant select 1 + row_number() over (order by id), id from tenant where id not in (select tenant_id from bench_tenant);
       insert into location (tenant_id, name, issuer, is_default)
         select b.tenant_id, 'Place ' || p, 'ISSUER', p = 1 and b.n > 1 from bench_tenant b, generate_series(1, 6) p;
       insert into device (tenant_id, name, ae_title, location_id)
         select l.tenant_id, 'Device ' || d || ' of ' || l.name, 'DEV' || row_number() over (), l.id
           from location l, generate_series(1, 3) d;
       create table bench_place as
         select b.n as tenant, l.tenant_id, l.id as location_id, d.id as device_id,
                row_number() over (partition by b.n order by l.id, d.id) - 1 as at, count(*) over (partition by b.n) as of
           from bench_tenant b join location l on l.tenant_id = b.tenant_id join device d on d.location_id = l.id;
       create index on bench_place (tenant, at); analyze bench_place;`),
    () =>
      owner(`${NAMES}
       alter table study disable trigger user; alter table patient disable trigger user; alter table instance disable trigger user;
       create table bench_patient as
         select x.n, x.tenant, uuidv7() as id,
                initcap(f.word) || '^' || initcap(g.word) || case when x.n % 4 = 0 then '^' || initcap(h.word) else '' end as name,
                date '1950-01-01' + (x.n * 7919::bigint % 25000)::int as birth_date, case when x.n % 2 = 0 then 'F' else 'M' end as sex
           from (select n, ${share} as tenant from generate_series(1, ${SEED.patients}) n) x
           join family f on f.n = 1 + floor(power(((x.n * 48271::bigint) % 99991) / 99991.0, 2) * 1500)::int
           join given g on g.n = 1 + floor(power(((x.n * 69621::bigint) % 99989) / 99989.0, 2) * 1400)::int
           join given h on h.n = 1 + (x.n * 31 % 1400);
       insert into patient (tenant_id, id, registration, mrn, name, name_folded, birth_date, sex)
         select t.tenant_id, p.id, 'registered', 'MRN-' || lpad(p.n::text, 6, '0'), p.name, lower(p.name), p.birth_date, p.sex
           from bench_patient p join bench_tenant t on t.n = p.tenant;
       insert into patient_identifier (tenant_id, issuer, value, patient_id)
         select t.tenant_id, 'ISSUER', 'P' || lpad(p.n::text, 7, '0'), p.id from bench_patient p join bench_tenant t on t.n = p.tenant;
       create index on bench_patient (n); analyze bench_patient;
       select insert_names(t.tenant_id, array_agg(distinct lower(p.name))) from bench_patient p join bench_tenant t on t.n = p.tenant
        group by t.tenant_id;
       insert into uid_code (uid) values ('1.2.840.10008.5.1.4.1.1.1.1'), ('1.2.840.10008.1.2.1') on conflict do nothing;`),
    // Every patient comes again and again over ten years; ids are in the order of arrival.
    ...Array.from({ length: 10 }, (_, part) => async () => {
      const first = (part * SEED.studies) / 10;
      await owner(`
       create table bench_study as
         select k, p.n as patient, p.tenant, uuidv7(((k - ${SEED.studies}) * interval '1 second') * 300) as id, place.tenant_id,
                place.location_id, place.device_id, p.id as patient_id, p.name, p.birth_date, p.sex,
                current_date - ((${SEED.studies} - k)::bigint * 3650 / ${SEED.studies})::int as day,
                lpad((8 + k * 13 % 11)::text, 2, '0') || ':' || lpad((k * 17 % 60)::text, 2, '0') || ':' || lpad((k * 29 % 60)::text, 2, '0') as at_time,
                (array['IO','IO','IO','IO','PX','PX','DX','XC','CT','OT'])[1 + (k * 7 % 10)] as modality
           from generate_series(${first + 1}, ${first + SEED.studies / 10}) k
           join bench_patient p on p.n = 1 + (k::bigint * 48271 % ${SEED.patients})
           join lateral (select * from bench_place b where b.tenant = p.tenant and b.at = k % b.of) place on true;
       insert into study (tenant_id, id, study_uid, patient_id, location_id, match_state, quarantine_reason, pat_id, issuer, pat_name,
                          pat_name_folded, pat_birth_date, pat_sex, accession_no, study_date, study_time, description,
                          series_count, instance_count, byte_count, revision, first_at, updated_at)
         select tenant_id, id, '2.25.' || (1000000000 + k), case when k % 500 <> 0 then patient_id end, location_id,
                case when k % 500 = 0 then 'quarantined' else 'auto' end, case when k % 500 = 0 then 'missing-patient-id' end,
                'P' || lpad(patient::text, 7, '0'), 'ISSUER', name, lower(name), birth_date, sex, 'ACC' || k, day, at_time,
                (array['Panoramic','Full mouth series','Bitewings','Cephalogram','Progress photos'])[1 + k % 5], 1, 4, 2000000, 1,
                day + at_time::time, day + at_time::time
           from bench_study order by k;
       insert into study_modality (tenant_id, study_id, modality, study_date, series_count)
         select tenant_id, id, modality, day, 1 from bench_study order by k;
       insert into study_device (tenant_id, study_id, device_id) select tenant_id, id, device_id from bench_study order by k;
       create table bench_series as select k, uuidv7() as series_id, tenant_id, id as study_id, modality, day + at_time::time as at from bench_study;
       insert into series (tenant_id, id, study_id, series_uid, modality, series_number, instance_count, byte_count, revision, last_arrival_at)
         select tenant_id, series_id, study_id, '2.25.' || (1000000000 + k) || '.1', modality, 1, 4, 2000000, 1, at from bench_series order by k;
       insert into instance (tenant_id, series_id, sop_uid, sop_class, transfer_syntax, instance_number, rows, columns, frames, sha256,
                             store, key, "offset", length, arrived_at)
         select s.tenant_id, s.series_id, '2.25.' || (1000000000 + s.k) || '.1.1', 1, 2, 1, 100, 100, 1, sha256(s.k::text::bytea), 'bench', 'none', 0, 1, s.at
           from bench_series s order by s.k;
       insert into derivative (tenant_id, instance_id, kind, store, key, "offset", length, media_type, width, height, recipe)
         select i.tenant_id, i.id, 'display', 'bench', 'none', 0, 1, 'image/jpeg', 100, 100, 1
           from bench_series s join instance i on i.tenant_id = s.tenant_id and i.series_id = s.series_id;
       drop table bench_study, bench_series;`);
    }),
    () =>
      owner(`drop table bench_patient, bench_place, bench_tenant;
       alter table study enable trigger user; alter table patient enable trigger user; alter table instance enable trigger user;`),
    () => owner('vacuum analyze'),
  ];
};

/**
 * Fills the empty database of a started and stopped server, directly by SQL: a million studies of a hundred thousand
 * patients in twenty groups, the first of which, the administrator's, has half. One series and one pictured instance
 * stand for the images of each. Takes some minutes.
 */
export const seedStudies = async (run: (sql: string) => Promise<void>): Promise<void> => {
  // What is lost with the folder is made again.
  await run('set synchronous_commit = off');
  const all = steps(run);
  for (const [at, step] of all.entries()) {
    const from = performance.now();
    await step();
    console.error(`seeding ${at + 1} of ${all.length}: ${((performance.now() - from) / 1000).toFixed(0)} s`);
  }
};
