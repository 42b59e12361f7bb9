CREATE TABLE "definition_signature" (
	"workspace_id" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"hash" text collate "C" NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"team" text collate "C" NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"action" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"way" text collate "C" NOT NULL,
	"reason" text collate "C",
	"recorded_by" text collate "C" NOT NULL,
	CONSTRAINT "definition_signature_pk" PRIMARY KEY("workspace_id","kind","hash","opened_at","team","recorded_at")
);
--> statement-breakpoint
ALTER TABLE "definition_signature" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "definition_state" (
	"workspace_id" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"hash" text collate "C" NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"state" text collate "C" NOT NULL,
	"signed" boolean NOT NULL,
	"opened_at" timestamp (3) with time zone NOT NULL,
	"active_from" text collate "C",
	"reason" text collate "C",
	"recorded_by" text collate "C" NOT NULL,
	CONSTRAINT "definition_state_workspace_id_kind_hash_recorded_at_pk" PRIMARY KEY("workspace_id","kind","hash","recorded_at")
);
--> statement-breakpoint
ALTER TABLE "definition_state" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "team_member" (
	"workspace_id" text collate "C" NOT NULL,
	"team" text collate "C" NOT NULL,
	"name" text collate "C" NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"role" text collate "C" NOT NULL,
	"recorded_by" text collate "C" NOT NULL,
	CONSTRAINT "team_member_workspace_id_team_name_recorded_at_pk" PRIMARY KEY("workspace_id","team","name","recorded_at")
);
--> statement-breakpoint
ALTER TABLE "team_member" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "own_rows" ON "definition_signature" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "definition_state" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "team_member" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));