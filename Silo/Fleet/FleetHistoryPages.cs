using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.History;
using ClusterGrains.Resources;

namespace ClusterGrains.Fleet;

/// <summary>
/// Reads pages of records from the history store, day by day backwards. A page ends when it is full, holds
/// <see cref="MaxBytes"/>, or has taken <see cref="Patience"/>, and the next one goes on there.
/// </summary>
internal sealed class FleetHistoryPages(IHistoryReader reader, TimeProvider time)
{
    internal const int MaxBytes = 4 * 1024 * 1024;

    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private const int Concurrency = 8;

    /// <exception cref="DependencyException">The store did not answer, or not even listed one day in time.</exception>
    public async Task<FleetHistoryPage> Read(ResourceKind kind, ResourceKey key, HistoryQuery query, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        var page = new FleetHistoryPage(query.Limit, MaxBytes);
        try
        {
            await Fill(page, kind, key, query, limit.Token);
            return page;
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return page.Reached is not null ? page : throw new DependencyException(
                Dependency.History,
                $"The history store did not show a day of {kind.Name} {key} in {Patience.TotalSeconds} s. Ask for fewer kinds of record, or later.");
        }
    }

    private async Task Fill(FleetHistoryPage page, ResourceKind kind, ResourceKey key, HistoryQuery query, CancellationToken cancellationToken)
    {
        var resource = HistoryObject.Resource(kind.Name, key.Namespace, key.Name, "");
        var (day, before) = (query.Before.Day, query.Before);
        if (before.Equals(HistoryPlace.StartOf(day)) && day > query.From.Day)
        {
            // The page before saw the whole of that day.
            day = day.AddDays(-1);
        }

        while (true)
        {
            var room = page.Room;
            var stored = await List(resource, query, day, before, room, cancellationToken);
            await Add(page, stored, cancellationToken);
            if (page.Room == 0)
            {
                return;
            }

            if (stored.Count == room)
            {
                // Some have expired meanwhile, so the day may have more.
                before = stored[^1].Place;
                continue;
            }

            page.Pass(HistoryPlace.StartOf(day));
            if (day <= query.From.Day)
            {
                page.IsPart = false;
                return;
            }

            day = day.AddDays(-1);
        }
    }

    /// <summary>The newest records of a day that are asked for and lie before a place, newest first.</summary>
    private async Task<List<Stored>> List(
        string resource, HistoryQuery query, DateOnly day, HistoryPlace before, int limit, CancellationToken cancellationToken)
    {
        var lists = query.Records.Select(async record =>
        {
            var newest = new List<Stored>();
            string? continuation = null;
            do
            {
                var listed = await reader.List($"{HistoryObject.Folder(record, day)}resource={resource}", continuation, cancellationToken);
                newest = Newest(newest.Concat(listed.Keys
                    .Select(stored => (Key: stored, Place: HistoryPlace.Of(stored, day, resource)))
                    .Where(one => one.Place >= query.From && one.Place < before)
                    .Select(one => new Stored(one.Key, one.Place!.Value))));
                continuation = listed.Continuation;
            }
            while (continuation is not null);
            return newest;
        });
        return Newest((await Task.WhenAll(lists)).SelectMany(list => list));

        List<Stored> Newest(IEnumerable<Stored> all) => [.. all.OrderByDescending(one => one.Place).Take(limit)];
    }

    private async Task Add(FleetHistoryPage page, List<Stored> stored, CancellationToken cancellationToken)
    {
        foreach (var some in stored.Chunk(Concurrency))
        {
            var bodies = await Task.WhenAll(some.Select(one => reader.Read(one.Key, cancellationToken)));
            foreach (var (one, body) in some.Zip(bodies))
            {
                if (page.Room == 0)
                {
                    return;
                }

                await Add(page, one, body, cancellationToken);
            }
        }
    }

    private static async Task Add(FleetHistoryPage page, Stored one, byte[]? body, CancellationToken cancellationToken)
    {
        if (body is null)
        {
            // Expired since it was listed.
            page.Pass(one.Place);
            return;
        }

        try
        {
            await using var lines = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
            var text = await BoundedBody.Read(lines, one.Key, cancellationToken);
            page.Add(one.Place, JsonNode.Parse(Encoding.UTF8.GetString(text))?.AsObject() ?? throw new JsonException("It holds null instead of a record."), text.Length);
        }
        catch (Exception damage) when (damage is JsonException or InvalidDataException or InvalidOperationException or DependencyException)
        {
            page.AddUnreadable(one.Place, one.Key, SafeText.Clean(damage.Message, 200));
        }
    }

    private readonly record struct Stored(string Key, HistoryPlace Place);
}
