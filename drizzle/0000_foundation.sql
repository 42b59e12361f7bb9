CREATE TABLE "definition_head" (
	"workspace_id" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"hash" text collate "C" NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	CONSTRAINT "definition_head_workspace_id_kind_recorded_at_pk" PRIMARY KEY("workspace_id","kind","recorded_at")
);
--> statement-breakpoint
ALTER TABLE "definition_head" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "definition_version" (
	"workspace_id" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"hash" text collate "C" NOT NULL,
	"version" integer NOT NULL,
	"document" text collate "C" NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	CONSTRAINT "definition_version_workspace_id_kind_hash_pk" PRIMARY KEY("workspace_id","kind","hash"),
	CONSTRAINT "definition_version_number" UNIQUE("workspace_id","kind","version")
);
--> statement-breakpoint
ALTER TABLE "definition_version" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "event" (
	"workspace_id" text collate "C" NOT NULL,
	"id" uuid NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"superseded_at" timestamp (3) with time zone,
	"source" text collate "C" NOT NULL,
	"external_id" text collate "C" NOT NULL,
	"type" text collate "C" NOT NULL,
	"occurred_at" timestamp (3) with time zone NOT NULL,
	"occurred_day" integer NOT NULL,
	"person_id" uuid,
	"named_account_id" uuid,
	"domain" text collate "C",
	"account_id" uuid,
	"source_record_id" uuid,
	"attributes" jsonb,
	CONSTRAINT "event_workspace_id_id_recorded_at_pk" PRIMARY KEY("workspace_id","id","recorded_at")
);
--> statement-breakpoint
ALTER TABLE "event" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "account" (
	"workspace_id" text collate "C" NOT NULL,
	"id" uuid NOT NULL,
	"domain" text collate "C",
	"name" text collate "C",
	"name_key" text collate "C",
	"fields" jsonb NOT NULL,
	"stale_day" integer,
	"created_at" timestamp (3) with time zone NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "account_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "account" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "account_domain" (
	"workspace_id" text collate "C" NOT NULL,
	"domain" text collate "C" NOT NULL,
	"believed_from" timestamp (3) with time zone NOT NULL,
	"believed_to" timestamp (3) with time zone,
	"account_id" uuid NOT NULL,
	CONSTRAINT "account_domain_workspace_id_domain_believed_from_pk" PRIMARY KEY("workspace_id","domain","believed_from")
);
--> statement-breakpoint
ALTER TABLE "account_domain" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "external_ref" (
	"workspace_id" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"source" text collate "C" NOT NULL,
	"external_id" text collate "C" NOT NULL,
	"entity_id" uuid NOT NULL,
	"digest" text collate "C" NOT NULL,
	CONSTRAINT "external_ref_workspace_id_kind_source_external_id_pk" PRIMARY KEY("workspace_id","kind","source","external_id")
);
--> statement-breakpoint
ALTER TABLE "external_ref" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "import_run" (
	"workspace_id" text collate "C" NOT NULL,
	"id" uuid NOT NULL,
	"source" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"file_name" text collate "C" NOT NULL,
	"file_sha256" text collate "C" NOT NULL,
	"mapping_hash" text collate "C" NOT NULL,
	"strict" boolean NOT NULL,
	"state" text collate "C" NOT NULL,
	"report" jsonb NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "import_run_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "import_run" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "observation" (
	"workspace_id" text collate "C" NOT NULL,
	"entity_id" uuid NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"ordinal" integer NOT NULL,
	"kind" text collate "C" NOT NULL,
	"source" text collate "C" NOT NULL,
	"source_record_id" uuid,
	"values" jsonb NOT NULL,
	"confidence" smallint NOT NULL,
	"observed_at" timestamp (3) with time zone NOT NULL,
	"observed_day" integer NOT NULL,
	"expires_day" integer,
	"cost_micros" bigint NOT NULL,
	CONSTRAINT "observation_workspace_id_entity_id_recorded_at_ordinal_pk" PRIMARY KEY("workspace_id","entity_id","recorded_at","ordinal")
);
--> statement-breakpoint
ALTER TABLE "observation" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "opportunity" (
	"workspace_id" text collate "C" NOT NULL,
	"id" uuid NOT NULL,
	"name" text collate "C",
	"name_key" text collate "C",
	"account_id" uuid,
	"fields" jsonb NOT NULL,
	"stale_day" integer,
	"created_at" timestamp (3) with time zone NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "opportunity_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "opportunity" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "person" (
	"workspace_id" text collate "C" NOT NULL,
	"id" uuid NOT NULL,
	"email" text collate "C",
	"domain" text collate "C",
	"name" text collate "C",
	"name_key" text collate "C",
	"account_id" uuid,
	"fields" jsonb NOT NULL,
	"stale_day" integer,
	"created_at" timestamp (3) with time zone NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "person_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "person" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "person_account" (
	"workspace_id" text collate "C" NOT NULL,
	"person_id" uuid NOT NULL,
	"believed_from" timestamp (3) with time zone NOT NULL,
	"believed_to" timestamp (3) with time zone,
	"account_id" uuid NOT NULL,
	"evidence" text collate "C" NOT NULL,
	CONSTRAINT "person_account_workspace_id_person_id_believed_from_pk" PRIMARY KEY("workspace_id","person_id","believed_from")
);
--> statement-breakpoint
ALTER TABLE "person_account" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "source_mapping" (
	"workspace_id" text collate "C" NOT NULL,
	"source" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"mapping" jsonb NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "source_mapping_workspace_id_source_kind_pk" PRIMARY KEY("workspace_id","source","kind")
);
--> statement-breakpoint
ALTER TABLE "source_mapping" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "source_record" (
	"workspace_id" text collate "C" NOT NULL,
	"id" uuid NOT NULL,
	"source" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"external_id" text collate "C" NOT NULL,
	"payload" text collate "C" NOT NULL,
	"import_id" uuid,
	"line" integer,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "source_record_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "source_record" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "rescore_part" (
	"workspace_id" text collate "C" NOT NULL,
	"run_id" uuid NOT NULL,
	"kind" text collate "C" NOT NULL,
	"part" integer NOT NULL,
	"counts" jsonb NOT NULL,
	CONSTRAINT "rescore_part_workspace_id_run_id_kind_part_pk" PRIMARY KEY("workspace_id","run_id","kind","part")
);
--> statement-breakpoint
ALTER TABLE "rescore_part" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "rescore_run" (
	"workspace_id" text collate "C" NOT NULL,
	"id" uuid NOT NULL,
	"plan" jsonb NOT NULL,
	"state" text collate "C" NOT NULL,
	"rubric_version" integer NOT NULL,
	"taxonomy_version" integer NOT NULL,
	"as_of_day" integer NOT NULL,
	"known_at" timestamp (3) with time zone NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"result" jsonb,
	CONSTRAINT "rescore_run_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "rescore_run" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "score" (
	"workspace_id" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"subject_id" uuid NOT NULL,
	"rubric_version" integer NOT NULL,
	"taxonomy_version" integer NOT NULL,
	"as_of_day" integer NOT NULL,
	"known_at" timestamp (3) with time zone NOT NULL,
	"score" smallint NOT NULL,
	"tier" text collate "C" NOT NULL,
	"heat" text collate "C",
	"points" smallint[] NOT NULL,
	"unknown" bigint NOT NULL,
	"disqualified" bigint NOT NULL,
	CONSTRAINT "score_workspace_id_kind_subject_id_pk" PRIMARY KEY("workspace_id","kind","subject_id")
);
--> statement-breakpoint
ALTER TABLE "score" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "score_history" (
	"workspace_id" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"subject_id" uuid NOT NULL,
	"rubric_version" integer NOT NULL,
	"taxonomy_version" integer NOT NULL,
	"as_of_day" integer NOT NULL,
	"known_at" timestamp (3) with time zone NOT NULL,
	"score" smallint NOT NULL,
	"tier" text collate "C" NOT NULL,
	"heat" text collate "C",
	"points" smallint[] NOT NULL,
	"unknown" bigint NOT NULL,
	"disqualified" bigint NOT NULL,
	"replaced_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "score_history_workspace_id_kind_subject_id_known_at_as_of_day_rubric_version_pk" PRIMARY KEY("workspace_id","kind","subject_id","known_at","as_of_day","rubric_version")
);
--> statement-breakpoint
ALTER TABLE "score_history" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_entry" (
	"workspace_id" text collate "C" NOT NULL,
	"seq" bigint NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"actor" text collate "C" NOT NULL,
	"verb" text collate "C" NOT NULL,
	"detail" text collate "C" NOT NULL,
	"previous_hash" text collate "C" NOT NULL,
	"hash" text collate "C" NOT NULL,
	CONSTRAINT "audit_entry_workspace_id_seq_pk" PRIMARY KEY("workspace_id","seq")
);
--> statement-breakpoint
ALTER TABLE "audit_entry" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workspace" (
	"workspace_id" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"known_at" timestamp (3) with time zone NOT NULL,
	"audit_seq" bigint NOT NULL,
	"audit_hash" text collate "C" NOT NULL,
	CONSTRAINT "workspace_workspace_id_pk" PRIMARY KEY("workspace_id")
);
--> statement-breakpoint
ALTER TABLE "workspace" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "event_by_account" ON "event" USING btree ("workspace_id","account_id","person_id","occurred_day","type") WHERE superseded_at is null;--> statement-breakpoint
CREATE INDEX "event_by_person" ON "event" USING btree ("workspace_id","person_id","occurred_day","type");--> statement-breakpoint
CREATE INDEX "event_by_day" ON "event" USING btree ("workspace_id","occurred_day","type","account_id","person_id") WHERE superseded_at is null;--> statement-breakpoint
CREATE INDEX "event_by_recorded" ON "event" USING btree ("workspace_id","recorded_at");--> statement-breakpoint
CREATE INDEX "event_superseded" ON "event" USING btree ("workspace_id","superseded_at") WHERE superseded_at is not null;--> statement-breakpoint
CREATE INDEX "event_by_named_account" ON "event" USING btree ("workspace_id","named_account_id") WHERE named_account_id is not null;--> statement-breakpoint
CREATE INDEX "event_by_domain" ON "event" USING btree ("workspace_id","domain") WHERE domain is not null;--> statement-breakpoint
CREATE INDEX "account_by_domain" ON "account" USING btree ("workspace_id","domain");--> statement-breakpoint
CREATE INDEX "account_by_name" ON "account" USING btree ("workspace_id","name_key");--> statement-breakpoint
CREATE INDEX "account_by_change" ON "account" USING btree ("workspace_id","changed_at");--> statement-breakpoint
CREATE INDEX "account_stale" ON "account" USING btree ("workspace_id","stale_day") WHERE stale_day is not null;--> statement-breakpoint
CREATE INDEX "account_domain_by_account" ON "account_domain" USING btree ("workspace_id","account_id");--> statement-breakpoint
CREATE INDEX "external_ref_entity" ON "external_ref" USING btree ("workspace_id","entity_id");--> statement-breakpoint
CREATE INDEX "import_run_by_file" ON "import_run" USING btree ("workspace_id","file_sha256");--> statement-breakpoint
CREATE INDEX "opportunity_by_account" ON "opportunity" USING btree ("workspace_id","account_id");--> statement-breakpoint
CREATE INDEX "opportunity_stale" ON "opportunity" USING btree ("workspace_id","stale_day") WHERE stale_day is not null;--> statement-breakpoint
CREATE INDEX "person_by_email" ON "person" USING btree ("workspace_id","email");--> statement-breakpoint
CREATE INDEX "person_by_domain" ON "person" USING btree ("workspace_id","domain");--> statement-breakpoint
CREATE INDEX "person_by_name" ON "person" USING btree ("workspace_id","name_key");--> statement-breakpoint
CREATE INDEX "person_by_account" ON "person" USING btree ("workspace_id","account_id");--> statement-breakpoint
CREATE INDEX "person_by_change" ON "person" USING btree ("workspace_id","changed_at");--> statement-breakpoint
CREATE INDEX "person_stale" ON "person" USING btree ("workspace_id","stale_day") WHERE stale_day is not null;--> statement-breakpoint
CREATE INDEX "person_account_by_account" ON "person_account" USING btree ("workspace_id","account_id");--> statement-breakpoint
CREATE POLICY "own_rows" ON "definition_head" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "definition_version" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "event" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "account" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "account_domain" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "external_ref" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "import_run" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "observation" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "opportunity" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "person" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "person_account" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "source_mapping" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "source_record" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "rescore_part" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "rescore_run" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "score" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "score_history" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "audit_entry" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "workspace" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));