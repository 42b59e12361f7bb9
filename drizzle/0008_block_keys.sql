CREATE TABLE "block_key" (
	"workspace_id" text collate "C" NOT NULL,
	"key" bigint NOT NULL,
	"node_id" uuid NOT NULL,
	CONSTRAINT "block_key_workspace_id_key_node_id_pk" PRIMARY KEY("workspace_id","key","node_id")
);
--> statement-breakpoint
ALTER TABLE "block_key" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "identity_index" (
	"workspace_id" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"key_version" text collate "C" NOT NULL,
	"covered_at" timestamp (3) with time zone NOT NULL,
	"covered_id" uuid NOT NULL,
	"uncounted" integer NOT NULL,
	"counts_hash" text collate "C" NOT NULL,
	"counts" jsonb NOT NULL,
	"fitted" jsonb,
	CONSTRAINT "identity_index_workspace_id_kind_pk" PRIMARY KEY("workspace_id","kind")
);
--> statement-breakpoint
ALTER TABLE "identity_index" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "lead_match" (
	"workspace_id" text collate "C" NOT NULL,
	"person_id" uuid NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"account_id" uuid,
	"decision" text collate "C" NOT NULL,
	"rule" text collate "C" NOT NULL,
	"model" text collate "C" NOT NULL,
	"evidence" jsonb NOT NULL,
	CONSTRAINT "lead_match_workspace_id_person_id_recorded_at_pk" PRIMARY KEY("workspace_id","person_id","recorded_at")
);
--> statement-breakpoint
ALTER TABLE "lead_match" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "lead_match_account" ON "lead_match" USING btree ("workspace_id","account_id");--> statement-breakpoint
CREATE POLICY "own_rows" ON "block_key" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "identity_index" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "lead_match" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));