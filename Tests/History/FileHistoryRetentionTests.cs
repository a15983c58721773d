using ClusterGrains.History;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ClusterGrains.Tests.History;

public sealed class FileHistoryRetentionTests : IDisposable
{
    private readonly TestFolder _root = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 31, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Checks_of_days_that_ended_too_long_ago_go_and_everything_else_stays()
    {
        string[] kept =
        [
            "v1/history/record=check/dt=2026-03-11/resource=a/120000-1-2-r.json.gz",
            "v1/history/record=check/dt=2026-03-31/resource=a/120000-1-3-r.json.gz",
            "v1/history/record=check/dt=notes/mine.txt",
            "v1/history/record=transition/dt=2025-01-01/resource=a/120000-1-1-r.json.gz",
            "v1/_meta/format.json",
        ];
        string[] old = ["v1/history/record=check/dt=2025-12-31/resource=a/120000-1-1-r.json.gz", "v1/history/record=check/dt=2026-03-10/resource=b/120000-1-1-r.json.gz"];
        foreach (var key in kept.Concat(old))
        {
            await Write(key);
        }

        Delete(TimeSpan.FromDays(20));

        Assert.Equal(kept.Order(StringComparer.Ordinal), Keys());
    }

    [Fact]
    public async Task A_record_that_is_delivered_late_is_kept_until_the_next_round()
    {
        const string Key = "v1/history/record=check/dt=2025-12-31/resource=a/120000-1-1-r.json.gz";
        await Write(Key);
        Delete(TimeSpan.FromDays(20));

        Assert.Equal(PutOutcome.Created, await new FileHistoryStore(_root.Path, _time).Put(Key, "late"u8.ToArray(), Cancellation));
    }

    [Fact]
    public void A_folder_without_checks_has_nothing_to_delete() => Delete(TimeSpan.FromDays(20));

    public void Dispose() => _root.Dispose();

    private void Delete(TimeSpan keep)
    {
        using var retention = new FileHistoryRetention(
            Options.Create(new HistoryOptions { KeepChecks = keep }), _time, NullLogger<FileHistoryRetention>.Instance);
        retention.DeleteOld(_root.Path, Cancellation);
    }

    private async Task Write(string key)
    {
        var path = Path.Combine(_root.Path, key);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, "x", Cancellation);
    }

    private IEnumerable<string> Keys() => Directory.EnumerateFiles(_root.Path, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(_root.Path, path)).Order(StringComparer.Ordinal);
}
