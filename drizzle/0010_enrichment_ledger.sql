CREATE TABLE "provider_call" (
	"workspace_id" text collate "C" NOT NULL,
	"id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"kind" text collate "C" NOT NULL,
	"entity_id" uuid NOT NULL,
	"provider" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"fields" jsonb NOT NULL,
	"state" text collate "C" NOT NULL,
	"reserved_micros" bigint NOT NULL,
	"charged_micros" bigint,
	"day" integer NOT NULL,
	"requested_at" timestamp (3) with time zone NOT NULL,
	"stale_at" timestamp (3) with time zone NOT NULL,
	"answered_at" timestamp (3) with time zone,
	"outcome" text collate "C",
	"latency_ms" integer,
	"usable" smallint NOT NULL,
	"resume" text collate "C",
	CONSTRAINT "provider_call_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "provider_call" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "provider_statistic" (
	"workspace_id" text collate "C" NOT NULL,
	"provider" text collate "C" NOT NULL,
	"segment" text collate "C" NOT NULL,
	"field" text collate "C" NOT NULL,
	"period" integer NOT NULL,
	"calls" bigint NOT NULL,
	"exposure" bigint NOT NULL,
	"hits" bigint NOT NULL,
	"failures" bigint NOT NULL,
	"latency" bigint NOT NULL,
	"latency_squares" bigint NOT NULL,
	"asked" bigint NOT NULL,
	"given" bigint NOT NULL,
	"contested" bigint NOT NULL,
	"confirmed" bigint NOT NULL,
	CONSTRAINT "provider_statistic_workspace_id_provider_segment_field_period_pk" PRIMARY KEY("workspace_id","provider","segment","field","period")
);
--> statement-breakpoint
ALTER TABLE "provider_statistic" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "provider_value" (
	"workspace_id" text collate "C" NOT NULL,
	"key" text collate "C" NOT NULL,
	"field" text collate "C" NOT NULL,
	"provider" text collate "C" NOT NULL,
	"call_id" uuid NOT NULL,
	"outcome" text collate "C" NOT NULL,
	"value" jsonb,
	"answered_at" timestamp (3) with time zone NOT NULL,
	"fresh_until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "provider_value_workspace_id_key_field_pk" PRIMARY KEY("workspace_id","key","field")
);
--> statement-breakpoint
ALTER TABLE "provider_value" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "spending" (
	"workspace_id" text collate "C" NOT NULL,
	"scope" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"held_micros" bigint NOT NULL,
	"charged_micros" bigint NOT NULL,
	CONSTRAINT "spending_workspace_id_scope_name_pk" PRIMARY KEY("workspace_id","scope","name")
);
--> statement-breakpoint
ALTER TABLE "spending" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "provider_limit" (
	"workspace_id" text collate "C" NOT NULL,
	"provider" text collate "C" NOT NULL,
	"seconds_until" timestamp (3) with time zone NOT NULL,
	"minutes_until" timestamp (3) with time zone NOT NULL,
	"paused_until" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "provider_limit_workspace_id_provider_pk" PRIMARY KEY("workspace_id","provider")
);
--> statement-breakpoint
ALTER TABLE "provider_limit" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE UNIQUE INDEX "provider_call_open" ON "provider_call" USING btree ("workspace_id","key") WHERE state <> 'settled';--> statement-breakpoint
CREATE INDEX "provider_call_by_run" ON "provider_call" USING btree ("workspace_id","run_id");--> statement-breakpoint
CREATE INDEX "provider_call_by_day" ON "provider_call" USING btree ("workspace_id","day","provider");--> statement-breakpoint
CREATE INDEX "provider_value_by_call" ON "provider_value" USING btree ("workspace_id","call_id");--> statement-breakpoint
CREATE POLICY "own_rows" ON "provider_call" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "provider_statistic" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "provider_value" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "spending" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "provider_limit" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));