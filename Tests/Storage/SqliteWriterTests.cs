using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ClusterGrains.Storage;
using Microsoft.Data.Sqlite;
using Orleans.Storage;

namespace ClusterGrains.Tests.Storage;

public sealed class SqliteWriterTests : IDisposable
{
    private readonly TestDatabase _test = new TestDatabase(queueLimit: 1000).Open();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_together_is_committed_together_up_to_the_limit()
    {
        var sizes = new ConcurrentQueue<int>();
        using var listener = Listen("clustergrains.storage.batch.size", sizes);
        Task[] writes;
        await using (var blocked = await BlockedWriter.Block(_test.Database))
        {
            writes = [.. Enumerable.Range(0, 300).Select(i => Write($"grain-{i}", i))];
        }

        await Task.WhenAll(writes);
        _test.Database.Close();

        Assert.Equal([1, SqliteWriter.GroupLimit, 300 - SqliteWriter.GroupLimit], sizes);
        Assert.Equal(300L, _test.Scalar("SELECT count(*) FROM state"));
    }

    [Fact]
    public async Task A_refused_write_does_not_disturb_its_group()
    {
        Task before, stale, broken, after;
        await using (var blocked = await BlockedWriter.Block(_test.Database))
        {
            before = Write("before", 1);
            stale = Write("stale", 1, etag: "4711");
            broken = _test.Database.Write<int>(_ => throw new FormatException("broken"), Cancellation);
            after = Write("after", 1);
        }

        await before;
        await after;
        await Assert.ThrowsAsync<InconsistentStateException>(() => stale);
        await Assert.ThrowsAsync<DependencyException>(() => broken);
        Assert.Equal(2L, _test.Scalar("SELECT count(*) FROM state"));
    }

    [Fact]
    public async Task When_SQLite_rolls_a_group_back_the_others_are_committed_all_the_same()
    {
        Task before, culprit, after;
        await using (var blocked = await BlockedWriter.Block(_test.Database))
        {
            before = Write("before", 1);
            culprit = _test.Database.Write<int>(
                session =>
                {
                    session.Execute("ROLLBACK");
                    throw new SqliteException("disk I/O error", 10);
                },
                Cancellation);
            after = Write("after", 1);
        }

        await before;
        await after;
        var failure = await Assert.ThrowsAsync<DependencyException>(() => culprit);
        Assert.Contains(_test.Path, failure.Message, StringComparison.Ordinal);
        Assert.Equal(2L, _test.Scalar("SELECT count(*) FROM state"));
    }

    [Fact]
    public async Task A_full_disk_fails_the_write_that_does_not_fit_and_nothing_else()
    {
        var small = new GrainState<PlainState>(new PlainState { Value = 1 }, null!);
        await _test.Storage.WriteStateAsync("state", Id("small"), small, Cancellation);
        await LimitPages(Convert.ToInt32(_test.Scalar("PRAGMA page_count"), null) + 2);
        Task fits, tooBig;
        await using (var blocked = await BlockedWriter.Block(_test.Database))
        {
            small.State = new PlainState { Value = 2 };
            fits = _test.Storage.WriteStateAsync("state", Id("small"), small, Cancellation);
            tooBig = Write("big", 1, text: new string('x', 100_000));
        }

        await fits;
        var failure = await Assert.ThrowsAsync<DependencyException>(() => tooBig);
        Assert.Contains("disk is full", failure.Message, StringComparison.Ordinal);

        await LimitPages(100_000);
        await Write("big", 1, text: new string('x', 100_000));
    }

    [Fact]
    public async Task While_another_program_locks_the_file_writes_fail_and_afterwards_they_succeed()
    {
        using (var shell = new SqliteConnection($"Data Source={_test.Path};Pooling=False"))
        {
            shell.Open();
            using var transaction = shell.BeginTransaction(deferred: false);

            var failure = await Assert.ThrowsAsync<DependencyException>(() => Write("a", 1));

            Assert.Contains("locked by another program", failure.Message, StringComparison.Ordinal);
        }

        await Write("a", 1);
    }

    [Fact]
    public async Task A_full_queue_refuses_at_once_and_keeps_what_it_has()
    {
        using var small = new TestDatabase(queueLimit: 3).Open();
        Task<int>[] waiting;
        await using (var blocked = await BlockedWriter.Block(small.Database))
        {
            waiting = [.. Enumerable.Range(0, 3).Select(i => small.Database.Write(_ => i, Cancellation))];

            var failure = await Assert.ThrowsAsync<DependencyException>(
                () => small.Database.Write(_ => 4, Cancellation));
            Assert.Contains("too slow", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(Enumerable.Range(0, 3), await Task.WhenAll(waiting));
    }

    [Fact]
    public async Task A_write_cancelled_while_it_waits_returns_at_once_and_is_never_done()
    {
        using var giveUp = new CancellationTokenSource();
        var done = false;
        await using (var blocked = await BlockedWriter.Block(_test.Database))
        {
            var write = _test.Database.Write(_ => done = true, giveUp.Token);
            await giveUp.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        }

        await _test.Database.Write(_ => true, Cancellation);
        Assert.False(done);
    }

    [Fact]
    public async Task A_write_cancelled_after_it_began_is_finished()
    {
        using var giveUp = new CancellationTokenSource();

        var written = await _test.Database.Write(
            session =>
            {
                giveUp.Cancel();
                return session.Execute("DELETE FROM reminder");
            },
            giveUp.Token);

        Assert.Equal(0, written);
    }

    [Fact]
    public async Task Neither_reads_nor_writes_run_on_the_thread_pool()
    {
        Assert.Equal(
            "SQLite writer", await _test.Database.Write(_ => Thread.CurrentThread.Name, Cancellation));
        Assert.False(await _test.Database.Write(_ => Thread.CurrentThread.IsThreadPoolThread, Cancellation));
        Assert.False(await _test.Database.Read(_ => Thread.CurrentThread.IsThreadPoolThread, Cancellation));
    }

    [Fact]
    public async Task Conflicts_and_errors_are_counted_apart()
    {
        var conflicts = new ConcurrentQueue<long>();
        var errors = new ConcurrentQueue<long>();
        using var listeningToConflicts = Listen("clustergrains.storage.conflicts", conflicts);
        using var listeningToErrors = Listen("clustergrains.storage.errors", errors);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Write("a", 1, etag: "4711"));
        await Assert.ThrowsAsync<DependencyException>(
            () => _test.Database.Read<int>(_ => throw new FormatException(), Cancellation));

        Assert.Equal([1L], conflicts);
        Assert.Equal([1L], errors);
    }

    public void Dispose() => _test.Dispose();

    private static GrainId Id(string key) => GrainId.Create("sample", key);

    private Task Write(string key, int value, string? etag = null, string text = "") => _test.Storage.WriteStateAsync(
        "state",
        Id(key),
        new GrainState<PlainState>(new PlainState { Value = value, Text = text }, etag!),
        Cancellation);

    private async Task LimitPages(int pages) =>
        await _test.Database.Write(session => session.Execute($"PRAGMA max_page_count = {pages}"), Cancellation);

    private MeterListener Listen<T>(string instrument, ConcurrentQueue<T> measured)
        where T : struct
    {
        var meter = _test.Meters.Create(StorageMetrics.MeterName);
        var listener = new MeterListener
        {
            InstrumentPublished = (published, self) =>
            {
                if (published.Meter == meter && published.Name == instrument)
                {
                    self.EnableMeasurementEvents(published);
                }
            },
        };
        listener.SetMeasurementEventCallback<T>((_, value, _, _) => measured.Enqueue(value));
        listener.Start();
        return listener;
    }
}
