using System.Text.Json.Nodes;
using ClusterGrains.Datasets;
using ClusterGrains.Tests.MongoDouble;
using MongoDB.Bson;
using MongoDB.Driver;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>The double of MongoDB, a process of its own: stopped by SIGKILL, started again with what its journal holds.</summary>
internal sealed class MongoStore : FleetStore
{
    private const string Database = "clustergrains";

    private readonly DoubleProcess _double;
    private readonly MongoClient _reader;
    private Misbehaviour _misbehaviour = Misbehaviour.None;

    private MongoStore(DoubleProcess process) => (_double, _reader) = (process, new MongoClient(process.ConnectionString));

    public override int MaxSilos => 20;

    public override bool CanFill => true;

    public override bool IsFull => _misbehaviour.DiskFull;

    public override IEnumerable<string> Settings =>
        ["--Storage:Provider=MongoDb", $"--Storage:MongoDb:ConnectionString={_double.ConnectionString}"];

    public static async Task<MongoStore> Launch(CancellationToken cancellationToken) =>
        new(await DoubleProcess.Start(MongoMode.ReplicaSet, cancellationToken));

    public override async Task<IReadOnlyList<string>?> Loaders(CancellationToken cancellationToken)
    {
        var rows = await _reader.GetDatabase(Database).GetCollection<BsonDocument>("state")
            .Find(new BsonDocument("kind", SearchDatasets.Kind.Name)).ToListAsync(cancellationToken);
        return [.. rows.Where(IsLoading).Select(row => row["silo"].AsString)];
    }

    public override async Task<string> Stop(CancellationToken cancellationToken)
    {
        IsStopped = true;
        await _double.Kill(cancellationToken);
        return "";
    }

    public override async Task<string> Start(CancellationToken cancellationToken)
    {
        await _double.Restart(cancellationToken);
        IsStopped = false;
        return await Misbehave(_misbehaviour, cancellationToken);
    }

    public override async Task<string> Slow(TimeSpan delay, CancellationToken cancellationToken)
    {
        IsSlow = delay > TimeSpan.Zero;
        return await Misbehave(_misbehaviour with { Slow = delay }, cancellationToken);
    }

    public override Task<string> LoseAnswers(int count, CancellationToken cancellationToken) =>
        Misbehave(_misbehaviour with { LostAnswers = count }, cancellationToken);

    public override Task<string> RefuseWrites(int count, CancellationToken cancellationToken) =>
        Misbehave(_misbehaviour with { RefusedWrites = count }, cancellationToken);

    public override Task<string> Fill(CancellationToken cancellationToken) =>
        Misbehave(_misbehaviour with { DiskFull = true }, cancellationToken);

    public override Task<string> Free(CancellationToken cancellationToken) =>
        Misbehave(_misbehaviour with { DiskFull = false }, cancellationToken);

    public override ValueTask DisposeAsync()
    {
        _reader.Dispose();
        return _double.DisposeAsync();
    }

    /// <summary>The summary says how far a load has come, in percent.</summary>
    private static bool IsLoading(BsonDocument row) => row.TryGetValue("summary", out var summary) && summary is BsonString text
        && (string?)JsonNode.Parse(text.AsString)!["progress"] is [.., '%'];

    private async Task<string> Misbehave(Misbehaviour misbehaviour, CancellationToken cancellationToken)
    {
        // Counts are used up by what they do; the rest lasts.
        _misbehaviour = misbehaviour with { LostAnswers = 0, RefusedWrites = 0 };
        if (IsStopped)
        {
            throw new InvalidOperationException("the store is stopped; write before: start the store.");
        }

        await _double.Misbehave(misbehaviour, cancellationToken);
        return "";
    }
}
