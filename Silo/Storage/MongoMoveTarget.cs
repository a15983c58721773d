using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace ClusterGrains.Storage;

/// <summary>One service's part of a MongoDB database. The mark is a document beside the layout's.</summary>
internal sealed class MongoMoveTarget(MongoDatabase database, MongoSilence silence, IOptions<ClusterOptions> cluster) : IMoveTarget
{
    private const int AtOnce = 16;

    private readonly string _service = cluster.Value.ServiceId;

    public string Place => database.Place;

    public async Task<bool> Open(CancellationToken cancellationToken)
    {
        await database.Open(cancellationToken);
        await silence.Require(cancellationToken);
        return await IsMarked(cancellationToken);
    }

    public async Task Begin(CancellationToken cancellationToken)
    {
        var wasMarked = await IsMarked(cancellationToken);
        await database.Write((_, token) => MongoSchema.Mark(database, _service, token), cancellationToken);
        try
        {
            await silence.Require(cancellationToken);
        }
        catch (DependencyException) when (!wasMarked)
        {
            await Finish(CancellationToken.None);
            throw;
        }
    }

    public Task Add(IReadOnlyCollection<StateRow> rows, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        rows,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (row, token) => await database.Write((_, write) => MongoGrainStorage.Insert(database, _service, row, write), token));

    public Task Finish(CancellationToken cancellationToken) =>
        database.Write((_, token) => MongoSchema.Unmark(database, _service, token), cancellationToken);

    private Task<bool> IsMarked(CancellationToken cancellationToken) =>
        database.Read(token => MongoSchema.IsUnfinished(database, _service, token), cancellationToken);
}
