using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace ClusterGrains.Storage;

/// <summary>One service's part of a MongoDB database. Nobody can be kept out of it: <see cref="MongoImportMark"/> tells who may fill it.</summary>
internal sealed class MongoMoveTarget(MongoDatabase database, MongoSilence silence, IOptions<ClusterOptions> cluster) : IMoveTarget
{
    private const int AtOnce = 16;

    private readonly string _service = cluster.Value.ServiceId;
    private readonly MongoImportMark _mark = new(database, cluster.Value.ServiceId);

    public string Place => database.Place;

    public async Task<bool> Open(CancellationToken cancellationToken)
    {
        await database.Open(cancellationToken);
        await silence.Require(cancellationToken);
        await _mark.Look(cancellationToken);
        return _mark.WasThere;
    }

    public async Task Begin(CancellationToken cancellationToken)
    {
        await _mark.Take(cancellationToken);
        try
        {
            await silence.Require(cancellationToken);
        }
        catch (DependencyException) when (!_mark.WasThere)
        {
            await Finish(CancellationToken.None);
            throw;
        }
    }

    public async Task Add(
        IReadOnlyCollection<StateRow> states, IReadOnlyCollection<ReminderEntry> reminders, CancellationToken cancellationToken)
    {
        await Insert(states, (row, token) => MongoGrainStorage.Insert(database, _service, row, token), cancellationToken);
        await Insert(reminders, (entry, token) => MongoReminderTable.Insert(database, _service, entry, token), cancellationToken);
    }

    public Task Confirm(CancellationToken cancellationToken) => database.Read(
        async token =>
        {
            await _mark.Require(token);
            return true;
        },
        cancellationToken);

    public Task Finish(CancellationToken cancellationToken) => _mark.Remove(cancellationToken);

    /// <summary>Whose the mark is is looked at for each of them, and for each of its tries.</summary>
    private Task Insert<T>(IReadOnlyCollection<T> all, Func<T, CancellationToken, Task<bool>> insert, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            all,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (one, token) => await database.Write(
                async (_, write) =>
                {
                    await _mark.Require(write);
                    return await insert(one, write);
                },
                token));
}
