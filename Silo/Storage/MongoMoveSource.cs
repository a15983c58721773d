namespace ClusterGrains.Storage;

/// <summary>One service's part of a MongoDB database. Nobody can be kept out of it, so it is looked before and after.</summary>
internal sealed class MongoMoveSource(MongoDatabase database, MongoSilence silence) : IMoveSource
{
    private string _membership = "";

    public string Place => database.Place;

    public async Task Open(CancellationToken cancellationToken)
    {
        await database.Open(cancellationToken);
        _membership = await silence.Require(cancellationToken);
    }

    public async Task Confirm(CancellationToken cancellationToken)
    {
        if (await silence.Require(cancellationToken) != _membership)
        {
            throw new DependencyException(
                Dependency.Storage, $"{Place} was in use meanwhile: its silos changed. Stop all silos, keep them from starting, and export again.");
        }
    }
}
