CREATE TABLE "enriched_field" (
	"workspace_id" text collate "C" NOT NULL,
	"entity_id" uuid NOT NULL,
	"field" text collate "C" NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"run_id" uuid NOT NULL,
	"value" jsonb NOT NULL,
	"confidence" integer NOT NULL,
	"written" boolean NOT NULL,
	"providers" jsonb NOT NULL,
	"other_values" jsonb NOT NULL,
	"observed_at" timestamp (3) with time zone NOT NULL,
	"expires_day" integer NOT NULL,
	CONSTRAINT "enriched_field_workspace_id_entity_id_field_recorded_at_pk" PRIMARY KEY("workspace_id","entity_id","field","recorded_at")
);
--> statement-breakpoint
ALTER TABLE "enriched_field" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_rows" ON "enriched_field" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));