using ClusterGrains.Tests.MongoDouble;

namespace ClusterGrains.Tests.Storage;

// Each suite runs against the double always, and once more against the server that is named.

public sealed class DoubledMongoReminderTableTests(DoubledMongo server) : MongoReminderTableTests(server), IClassFixture<DoubledMongo>;

public sealed class NamedMongoReminderTableTests(NamedMongo server) : MongoReminderTableTests(server), IClassFixture<NamedMongo>;

public sealed class DoubledMongoStateRowsTests(DoubledMongo server) : MongoStateRowsTests(server), IClassFixture<DoubledMongo>;

public sealed class NamedMongoStateRowsTests(NamedMongo server) : MongoStateRowsTests(server), IClassFixture<NamedMongo>;

public sealed class DoubledMongoGrainStorageTests(DoubledMongo server) : MongoGrainStorageTests(server), IClassFixture<DoubledMongo>;

public sealed class NamedMongoGrainStorageTests(NamedMongo server) : MongoGrainStorageTests(server), IClassFixture<NamedMongo>;

public sealed class DoubledMongoMembershipTableTests(DoubledMongo server) : MongoMembershipTableTests(server), IClassFixture<DoubledMongo>;

public sealed class NamedMongoMembershipTableTests(NamedMongo server) : MongoMembershipTableTests(server), IClassFixture<NamedMongo>;

public sealed class DoubledMongoResourceIndexTests(DoubledMongo server) : MongoResourceIndexTests(server), IClassFixture<DoubledMongo>;

public sealed class NamedMongoResourceIndexTests(NamedMongo server) : MongoResourceIndexTests(server), IClassFixture<NamedMongo>;

public sealed class DoubledMongoGoldenTests(DoubledMongo server) : MongoGoldenTests(server), IClassFixture<DoubledMongo>;

public sealed class NamedMongoGoldenTests(NamedMongo server) : MongoGoldenTests(server), IClassFixture<NamedMongo>;

public sealed class DoubledMongoBasicsTests(DoubledMongo server) : MongoDoubleTests(server), IClassFixture<DoubledMongo>;

public sealed class NamedMongoBasicsTests(NamedMongo server) : MongoDoubleTests(server), IClassFixture<NamedMongo>;
