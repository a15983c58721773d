using ClusterGrains.Resources;

namespace ClusterGrains.Storage;

/// <summary>The index columns of the <c>state</c> table.</summary>
internal sealed class SqliteResourceIndex(SqliteDatabase database) : IResourceIndex
{
    public async Task<IReadOnlyList<IndexRow>> List(string kind, CancellationToken cancellationToken) =>
        await database.Read(session => SqliteStateTable.List(session, kind), cancellationToken);

    public async Task<IReadOnlyList<IndexRow>> Page(IndexQuery query, CancellationToken cancellationToken) =>
        await database.Read(session => SqliteIndexPage.Read(session, query), cancellationToken);

    public async Task<IReadOnlyList<string>> Namespaces(string kind, CancellationToken cancellationToken) =>
        await database.Read(session => SqliteIndexPage.Namespaces(session, kind), cancellationToken);

    public Task<IndexRow?> Find(string kind, ResourceKey key, CancellationToken cancellationToken) =>
        database.Read(session => SqliteStateTable.FindIndex(session, kind, key), cancellationToken);

    public async Task<IReadOnlyList<IndexRow>> ListClaims(string claim, CancellationToken cancellationToken) =>
        await database.Read(session => SqliteStateTable.ListClaims(session, claim), cancellationToken);

    public async Task<IReadOnlyList<IndexRow>> ListLate(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        await database.Read(session => SqliteStateTable.ListLate(session, now, limit), cancellationToken);

    public async Task<IReadOnlyList<IndexRow>> ListWrittenBy(string silo, CancellationToken cancellationToken) =>
        await database.Read(session => SqliteStateTable.ListWrittenBy(session, silo), cancellationToken);
}
