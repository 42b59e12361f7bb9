CREATE TABLE "hand_off" (
	"workspace_id" text collate "C" NOT NULL,
	"id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"account_id" uuid,
	"handed_at" timestamp (3) with time zone NOT NULL,
	"ordinal" integer NOT NULL,
	"stage" text collate "C" NOT NULL,
	"owner" text collate "C",
	"pool" text collate "C",
	"calendar" text collate "C",
	"waits_for" text collate "C",
	"returns_on" text collate "C",
	"decided" jsonb,
	"source" text collate "C",
	"tier" text collate "C",
	"holds" jsonb NOT NULL,
	"sla" text collate "C" NOT NULL,
	"taxonomy" text collate "C" NOT NULL,
	"override" text collate "C",
	"closed_at" timestamp (3) with time zone,
	CONSTRAINT "hand_off_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "hand_off" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "hand_off_event" (
	"workspace_id" text collate "C" NOT NULL,
	"hand_off_id" uuid NOT NULL,
	"ordinal" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"recorded_at" timestamp (3) with time zone NOT NULL,
	"actor" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"sla" text collate "C" NOT NULL,
	"detail" jsonb NOT NULL,
	CONSTRAINT "hand_off_event_workspace_id_hand_off_id_ordinal_pk" PRIMARY KEY("workspace_id","hand_off_id","ordinal")
);
--> statement-breakpoint
ALTER TABLE "hand_off_event" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE UNIQUE INDEX "hand_off_open" ON "hand_off" USING btree ("workspace_id","person_id") WHERE closed_at is null;--> statement-breakpoint
CREATE INDEX "hand_off_person" ON "hand_off" USING btree ("workspace_id","person_id","handed_at");--> statement-breakpoint
CREATE INDEX "hand_off_owner" ON "hand_off" USING btree ("workspace_id","owner","handed_at");--> statement-breakpoint
CREATE POLICY "own_rows" ON "hand_off" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));--> statement-breakpoint
CREATE POLICY "own_rows" ON "hand_off_event" AS PERMISSIVE FOR ALL TO public USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), ''));