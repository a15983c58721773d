PRAGMA application_id = 1128755822;
PRAGMA user_version = 3;
CREATE TABLE reminder (
  grainId TEXT NOT NULL,
  name TEXT NOT NULL,
  etag TEXT NOT NULL,
  grainHash INTEGER NOT NULL,
  startAt TEXT NOT NULL,
  periodTicks INTEGER NOT NULL,
  PRIMARY KEY (grainId, name)
) WITHOUT ROWID;
CREATE INDEX reminderByHash ON reminder (grainHash);
CREATE TABLE "state" (
  grainId TEXT NOT NULL,
  stateName TEXT NOT NULL,
  etag TEXT NOT NULL,
  schemaVersion INTEGER NOT NULL,
  kind TEXT,
  namespace TEXT,
  name TEXT,
  uid TEXT,
  createdAt TEXT,
  generation INTEGER,
  intent TEXT,
  phase TEXT,
  nextDue TEXT,
  lateAt TEXT,
  revision INTEGER,
  claim TEXT,
  silo TEXT,
  summary TEXT,
  document TEXT NOT NULL,
  PRIMARY KEY (grainId, stateName)
);
CREATE INDEX stateByResource ON state (kind, namespace, name) WHERE kind IS NOT NULL;
CREATE INDEX stateByClaim ON state (claim) WHERE claim IS NOT NULL;
CREATE INDEX stateByLateAt ON state (lateAt) WHERE lateAt IS NOT NULL;
CREATE INDEX stateBySilo ON state (silo) WHERE silo IS NOT NULL;
INSERT INTO reminder (grainId, name, etag, grainHash, startAt, periodTicks)
VALUES ('sample/default/orders', 'turn', 'etag-1', 3503248047, '2026-11-22T18:41:34.1234567Z', 3000000000);
INSERT INTO state (grainId, stateName, etag, schemaVersion, kind, namespace, name, uid, createdAt, generation, intent, phase, nextDue, lateAt, revision, claim, silo, summary, document)
VALUES ('sample/default/dated', 'state', 'etag-1', 1, 'Sample', 'default', 'dated', 'uid-dated', '2026-11-01T00:30:00.0000000Z', 7, 'run-now', 'Active', NULL, NULL, 0, 'uuid/orders', NULL, NULL, '{"name":"dated","revision":0,"claim":"uuid/orders","summary":null,"nextDue":null,"padding":"","createdAt":"2026-11-01T02:30:00+02:00"}');
INSERT INTO state (grainId, stateName, etag, schemaVersion, kind, namespace, name, uid, createdAt, generation, intent, phase, nextDue, lateAt, revision, claim, silo, summary, document)
VALUES ('sample/default/empty', 'state', 'etag-2', 1, 'Sample', 'default', '', 'uid-', NULL, 7, 'run-now', 'Active', NULL, NULL, 0, NULL, NULL, NULL, '{"name":"","revision":0,"claim":null,"summary":null,"nextDue":null,"padding":""}');
INSERT INTO state (grainId, stateName, etag, schemaVersion, kind, namespace, name, uid, createdAt, generation, intent, phase, nextDue, lateAt, revision, claim, silo, summary, document)
VALUES ('sample/default/orders', 'plain', 'etag-3', 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{"value":-1,"text":"plain"}');
INSERT INTO state (grainId, stateName, etag, schemaVersion, kind, namespace, name, uid, createdAt, generation, intent, phase, nextDue, lateAt, revision, claim, silo, summary, document)
VALUES ('sample/default/orders', 'state', 'etag-4', 1, 'Sample', 'default', 'orders', 'uid-orders', NULL, 7, 'run-now', 'Active', '2026-11-22T18:45:00.1234567Z', NULL, 42, 'alias orders', NULL, '{"verdict":"Healthy","note":"it''s ok"}', '{"name":"orders","revision":42,"claim":"alias orders","summary":"{\u0022verdict\u0022:\u0022Healthy\u0022,\u0022note\u0022:\u0022it\u0027s ok\u0022}","nextDue":"2026-11-22T18:45:00.1234567+00:00","padding":"Zeile 1\n\u0441\u0442\u0440\u043E\u043A\u0430 2 \uD83D\uDE00"}');
INSERT INTO state (grainId, stateName, etag, schemaVersion, kind, namespace, name, uid, createdAt, generation, intent, phase, nextDue, lateAt, revision, claim, silo, summary, document)
VALUES ('sample/default/watched', 'state', 'etag-5', 1, 'Sample', 'default', 'watched', 'uid-watched', NULL, 7, 'run-now', 'Active', '2026-11-22T18:45:00.0000000Z', '2026-11-22T18:50:00.0000000Z', 0, NULL, '10.0.0.1:11111@131', NULL, '{"name":"watched","revision":0,"claim":null,"summary":null,"nextDue":"2026-11-22T18:45:00+00:00","padding":"","lateAt":"2026-11-22T18:50:00+00:00","silo":"10.0.0.1:11111@131"}');
